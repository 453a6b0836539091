/// A point or offset on paper: x to the right, y downwards.
struct Vector: Equatable {
  var x: Double
  var y: Double

  static let zero = Vector(x: 0, y: 0)

  static func + (left: Vector, right: Vector) -> Vector {
    Vector(x: left.x + right.x, y: left.y + right.y)
  }

  static func - (left: Vector, right: Vector) -> Vector {
    Vector(x: left.x - right.x, y: left.y - right.y)
  }

  static func * (vector: Vector, factor: Double) -> Vector {
    Vector(x: vector.x * factor, y: vector.y * factor)
  }

  var length: Double { (x * x + y * y).squareRoot() }

  /// Of length one; zero stays zero.
  var direction: Vector { length > 0 ? self * (1 / length) : self }

  /// Turned by a right angle, clockwise as seen.
  var perpendicular: Vector { Vector(x: -y, y: x) }

  func dot(_ other: Vector) -> Double { x * other.x + y * other.y }
}
