/// The handedness of a centre drawn flat with wedges at some of its bonds.
///
/// The wedged neighbours are lifted a little out of the paper, and the sign of the volume that the
/// directions span tells how they turn (IUPAC Recommendations 2006, "Graphical representation of
/// stereochemical configuration"). Readings of drawings that those recommendations call
/// unacceptable, and the tolerances, are those of RDKit.
struct WedgedCentre {

  /// How far a wedge leaves the paper, in bond lengths.
  static let lift = 0.1
  private static let tolerance = 1e-3
  private static let flatness = 1e-4
  /// Squared sine below which two of three bonds are one line.
  private static let lineTolerance = 3.1e-4
  private static let smallestVolume = 1.74e-3

  /// Directions to the neighbours in their order; [3] or [4].
  private var arms: [AtomPosition] = []
  /// Which arm carries the wedge that is looked at.
  private let reference: Int

  /// Takes the offsets of the neighbours from the centre.
  ///
  /// `lifts` is 1 at a solid wedge, -1 at a hashed one, else 0. Fails where bonds have no length
  /// or lie on one another.
  init?(offsets: [AtomPosition], lifts: [Double], reference: Int) {
    precondition(offsets.count == 3 || offsets.count == 4, "\(offsets.count) neighbours")
    self.reference = reference
    let length = offsets[reference].flat.squaredLength.squareRoot()
    let height = Self.lift * (length > 0 ? length : 1)
    for (place, offset) in offsets.enumerated() {
      var arm = offset.flat
      arm.z = lifts[place] * height
      if place != reference, arm.squaredLength < Self.tolerance { return nil }
      arms.append(arm.normalized)
    }
    for (place, arm) in arms.enumerated() {
      for other in arms[..<place] where (arm - other).squaredLength < Self.tolerance { return nil }
    }
  }

  /// Whether the neighbours after the first, seen from it, follow anticlockwise, the missing
  /// fourth one last; nil where the drawing does not say.
  func isAnticlockwise() -> Bool? {
    arms.count == 3 ? threeArms() : fourArms()
  }

  private func sign(_ volume: Double, isSwapped: Bool) -> Bool? {
    guard abs(volume) > Self.smallestVolume else { return nil }
    return (volume > 0) != isSwapped
  }

  /// The arms with the wedged one first and how many exchanges that took.
  private func referenceFirst() -> (arms: [AtomPosition], isSwapped: Bool) {
    var ordered = arms
    ordered.swapAt(0, reference)
    return (ordered, reference != 0)
  }

  private func threeArms() -> Bool? {
    var (ordered, isSwapped) = referenceFirst()
    if Self.comesAfter(ordered[0], ordered[1], ordered[2]) {
      ordered.swapAt(1, 2)
      isSwapped.toggle()
    }
    let (a, b, c) = (ordered[0], ordered[1], ordered[2])
    for (one, other) in [(a, b), (a, c), (b, c)]
    where one.z * other.z < -Self.tolerance && one.cross(other).squaredLength < 0.01 { return nil }
    if contradicts(a, b, flat: c) || contradicts(a, c, flat: b) { return nil }
    var normal = b.flat.cross(c.flat)
    if normal.squaredLength < Self.lineTolerance {
      // A T: the two bonds of its bar are taken to point the other way.
      let left = AtomPosition(x: b.x, y: b.y, z: -a.z)
      let right = AtomPosition(x: c.x, y: c.y, z: -a.z)
      normal = left.cross(right)
    }
    return sign(normal.dot(a), isSwapped: isSwapped)
  }

  /// Opposite wedges with the flat bond between them.
  private func contradicts(_ a: AtomPosition, _ b: AtomPosition, flat c: AtomPosition) -> Bool {
    a.z * b.z < -Self.flatness && abs(c.z) < Self.flatness
      && c.cross(a).z * c.cross(b).z < -Self.flatness
  }

  /// Whether `c` comes before `b` on the way round from `a`.
  private static func comesAfter(
    _ a: AtomPosition, _ b: AtomPosition, _ c: AtomPosition
  ) -> Bool {
    let (turnB, turnC) = (a.cross(b).z, a.cross(c).z)
    let (alongB, alongC) = (a.dot(b), a.dot(c))
    if abs(alongB) > 1 - tolerance { return turnC < 0 }
    if abs(alongC) > 1 - tolerance, turnB < 0 { return true }
    if turnB * turnC < -tolerance { return turnB < turnC }
    if alongB * alongC < -tolerance { return alongB < alongC }
    return abs(alongB) > abs(alongC)
  }

  private func fourArms() -> Bool? {
    var (ordered, isSwapped) = referenceFirst()
    let line = 10 * Self.tolerance
    if ordered[1].cross(ordered[2]).squaredLength < line,
      ordered[1].cross(ordered[0]).squaredLength > line
    {
      ordered[1].z = -ordered[0].z
    }
    isSwapped = Self.sortRound(&ordered) != isSwapped
    for first in 0..<4 {
      for second in first + 1..<4 {
        let (one, other) = (ordered[first], ordered[second])
        guard one.z * other.z < -Self.tolerance, one.cross(other).squaredLength < 0.01 else {
          continue
        }
        // Opposite bonds with opposite wedges: let pass between neighbours, as sugars are drawn.
        guard abs(one.dot(other) + 1) < Self.tolerance, second - first == 1 || second - first == 3
        else { return nil }
        ordered[second].z = 0
      }
    }
    let (a, b, c) = (ordered[0], ordered[1].flat, ordered[2].flat)
    let near = b.cross(c)
    if near.squaredLength < line, abs(ordered[3].z) < Self.flatness { ordered[3].z = -a.z }
    let volume = near.dot(a)
    let otherVolume = b.cross(ordered[3].flat).dot(a)
    if abs(volume) < Self.tolerance {
      return abs(otherVolume) < Self.tolerance
        ? nil : sign(otherVolume, isSwapped: !isSwapped)
    }
    let opening = (ordered[1].dot(ordered[2]), ordered[1].dot(ordered[3]))
    if volume * otherVolume > 0, abs(otherVolume) > Self.smallestVolume, opening.0 < opening.1 {
      return sign(otherVolume, isSwapped: !isSwapped)
    }
    if abs(volume) < Self.smallestVolume, abs(otherVolume) > Self.smallestVolume {
      return sign(otherVolume, isSwapped: (volume * otherVolume < 0) != isSwapped)
    }
    return sign(volume, isSwapped: isSwapped)
  }

  /// Orders the arms behind the first anticlockwise round from it; whether that is an odd
  /// permutation.
  private static func sortRound(_ arms: inout [AtomPosition]) -> Bool {
    let first = arms[0]
    func key(_ arm: AtomPosition) -> (side: Double, along: Double) {
      let side = first.cross(arm).z < -tolerance ? -1.0 : 1.0
      return (side, side * first.dot(arm))
    }
    var isOdd = false
    for _ in 0..<2 {
      for place in 1..<3 where key(arms[place]) < key(arms[place + 1]) {
        arms.swapAt(place, place + 1)
        isOdd.toggle()
      }
    }
    return isOdd
  }
}
