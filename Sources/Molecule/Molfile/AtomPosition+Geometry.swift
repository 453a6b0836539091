extension AtomPosition {
  static func - (left: AtomPosition, right: AtomPosition) -> AtomPosition {
    AtomPosition(x: left.x - right.x, y: left.y - right.y, z: left.z - right.z)
  }

  func dot(_ other: AtomPosition) -> Double { x * other.x + y * other.y + z * other.z }

  func cross(_ other: AtomPosition) -> AtomPosition {
    AtomPosition(
      x: y * other.z - z * other.y, y: z * other.x - x * other.z, z: x * other.y - y * other.x)
  }

  var squaredLength: Double { dot(self) }

  /// The same direction with length 1; zero stays zero.
  var normalized: AtomPosition {
    let length = squaredLength.squareRoot()
    return length > 0 ? AtomPosition(x: x / length, y: y / length, z: z / length) : self
  }

  /// The projection on the paper.
  var flat: AtomPosition { AtomPosition(x: x, y: y) }

  /// Six times the volume of the tetrahedron that three directions span: positive when, seen from
  /// the tip of the first, the others follow anticlockwise with the fourth neighbour behind.
  static func volume(_ a: AtomPosition, _ b: AtomPosition, _ c: AtomPosition) -> Double {
    a.dot(b.cross(c))
  }
}
