/// The places of a square, trigonal bipyramidal or octahedral centre and their rotations.
struct CoordinationGroup {
  /// Number of places.
  let places: Int
  /// Every rotation of the shape as a permutation of its places, identity included.
  let rotations: [[Int]]

  static let square = CoordinationGroup(places: 4, generators: [[1, 2, 3, 0], [0, 3, 2, 1]])
  /// Places: axis, three round the middle, axis.
  static let bipyramid = CoordinationGroup(
    places: 5, generators: [[0, 2, 3, 1, 4], [4, 1, 3, 2, 0]])
  /// Places: axis, four round the middle, axis.
  static let octahedron = CoordinationGroup(
    places: 6, generators: [[0, 2, 3, 4, 1, 5], [1, 5, 2, 0, 4, 3]])

  init(places: Int, generators: [[Int]]) {
    self.places = places
    var found = [Array(0..<places)]
    var next = 0
    while next < found.count {
      for generator in generators {
        let product = generator.map { found[next][$0] }
        if !found.contains(product) { found.append(product) }
      }
      next += 1
    }
    rotations = found
  }

  static func group(of shape: Chirality.Shape) -> CoordinationGroup? {
    switch shape {
    case .squarePlanar: square
    case .trigonalBipyramidal: bipyramid
    case .octahedral: octahedron
    case .none, .tetrahedral, .allene: nil
    }
  }

  /// The neighbour (by place in the neighbour order) that stands in each place of the shape, from
  /// the tables of OpenSMILES section 3.8.
  static func layout(of chirality: Chirality) -> [Int] {
    let index = Int(chirality.arrangement) - 1
    switch chirality.shape {
    case .squarePlanar: return [[0, 1, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2]][index]
    case .trigonalBipyramidal:
      let (from, to, isClockwise) = bipyramids[index]
      var middle = (0..<5).filter { $0 != from && $0 != to }
      if isClockwise { middle.swapAt(1, 2) }
      return [from] + middle + [to]
    case .octahedral:
      let (to, walk, isClockwise) = octahedra[index]
      let rest = (1..<6).filter { $0 != to }
      var middle = walk.map { rest[$0] }
      if isClockwise { middle.swapAt(1, 3) }
      return [0] + middle + [to]
    case .none, .tetrahedral, .allene: return []
    }
  }

  /// Axis from, axis to, and whether the others run clockwise; TB1 to TB20.
  private static let bipyramids: [(Int, Int, Bool)] = [
    (0, 4, false), (0, 4, true), (0, 3, false), (0, 3, true), (0, 2, false), (0, 2, true),
    (0, 1, false), (0, 1, true), (1, 4, false), (1, 3, false), (1, 4, true), (1, 3, true),
    (1, 2, false), (1, 2, true), (2, 4, false), (2, 3, false), (3, 4, false), (3, 4, true),
    (2, 3, true), (2, 4, true),
  ]

  private static let u = [0, 1, 2, 3]
  private static let z = [0, 1, 3, 2]
  private static let four = [0, 3, 1, 2]

  /// Axis to (it starts at the first neighbour), walk through the others, and whether that walk
  /// runs clockwise; OH1 to OH30.
  private static let octahedra: [(Int, [Int], Bool)] = [
    (5, u, false), (5, u, true), (4, u, false), (5, z, false), (4, z, false), (3, u, false),
    (3, z, false), (5, four, true), (4, four, true), (5, four, false), (4, four, false),
    (3, four, true), (3, four, false), (5, z, true), (4, z, true), (4, u, true), (3, z, true),
    (3, u, true), (2, u, false), (2, z, false), (2, four, true), (2, four, false), (2, z, true),
    (2, u, true), (1, u, false), (1, z, false), (1, four, true), (1, four, false), (1, z, true),
    (1, u, true),
  ]
}
