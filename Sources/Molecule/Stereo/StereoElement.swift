import Tensor

/// Something with a handedness: a centre, a double bond or an allene.
struct StereoElement {
  enum Kind {
    /// Four places round a centre; `isPositive` says how they turn.
    case tetrahedron
    /// Two places at each of two ends; `isPositive` says which face each other.
    case axis
    /// Up to six places round a centre, up to rotation.
    case coordination(CoordinationGroup)
  }

  static let hydrogen: Int32 = -1

  let kind: Kind
  /// The atoms that carry the mark: the centre, or both ends.
  let first: Int32
  let second: Int32
  /// Atoms in the places; ``hydrogen`` for a hydrogen, a lone pair or an empty place.
  let places: [Int32]
  var isPositive: Bool
  /// Whether this is a double bond.
  var isDoubleBond = false

  /// What an observer who tells atoms apart by `colors` alone can say of the handedness: 0 when
  /// two neighbours that matter look equal.
  func descriptor(_ colors: [UInt64]) -> UInt64 {
    switch kind {
    case .tetrahedron:
      var inversions = 0
      for high in 1..<4 {
        let color = Self.color(places[high], colors)
        for low in 0..<high {
          let other = Self.color(places[low], colors)
          if other == color { return 0 }
          if other > color { inversions += 1 }
        }
      }
      return (inversions % 2 == 0) == isPositive ? 1 : 2
    case .axis:
      let (a, b) = (Self.color(places[0], colors), Self.color(places[1], colors))
      let (c, d) = (Self.color(places[2], colors), Self.color(places[3], colors))
      if a == b || c == d { return 0 }
      return ((a < b) == (c < d)) == isPositive ? 1 : 2
    case .coordination:
      for high in 1..<places.count {
        for low in 0..<high
        where Self.color(places[low], colors) == Self.color(places[high], colors) { return 0 }
      }
      return arrangement(colors)
    }
  }

  /// The least sequence of colours over all rotations, as one key.
  func arrangement(_ colors: [UInt64]) -> UInt64 {
    guard case .coordination(let group) = kind else { return 0 }
    var least: [UInt64] = []
    for rotation in group.rotations {
      let turned = rotation.map { Self.color(places[$0], colors) }
      if least.isEmpty || turned.lexicographicallyPrecedes(least) { least = turned }
    }
    var hash = FeatureHash(kind: FeatureKind.arrangement.rawValue)
    for color in least { hash.combine(color) }
    return hash.key
  }

  static func color(_ place: Int32, _ colors: [UInt64]) -> UInt64 {
    place < 0 ? 0 : colors[Int(place)]
  }

  /// Places that must differ for a descriptor.
  var pairs: [(Int, Int)] {
    switch kind {
    case .axis: [(0, 1), (2, 3)]
    case .tetrahedron, .coordination:
      (0..<places.count).flatMap { high in (0..<high).map { ($0, high) } }
    }
  }
}

extension MolecularGraph {
  /// All marked centres and double bonds.
  func stereoElements() -> [StereoElement] {
    var elements: [StereoElement] = []
    for index in atoms.indices where atoms[index].chirality.shape != .none {
      switch atoms[index].chirality.shape {
      case .none: break
      case .tetrahedral: elements.append(tetrahedron(index))
      case .allene: if let axis = allene(index) { elements.append(axis) }
      case .squarePlanar, .trigonalBipyramidal, .octahedral:
        if let element = coordination(index) { elements.append(element) }
      }
    }
    for stereo in stereoBonds {
      let bond = bonds[Int(stereo.bond)]
      let begin = otherNeighbor(of: bond.begin, than: stereo.beginNeighbor, bond.end)
      let end = otherNeighbor(of: bond.end, than: stereo.endNeighbor, bond.begin)
      var element = StereoElement(
        kind: .axis, first: bond.begin, second: bond.end,
        places: [stereo.beginNeighbor, begin, stereo.endNeighbor, end], isPositive: stereo.isCis)
      element.isDoubleBond = true
      elements.append(element)
    }
    return elements
  }

  /// Neighbours in order, a hydrogen in its place; lone pairs and empty places last, as RDKit
  /// reads them.
  private func orderedPlaces(_ index: Int, count: Int) -> [Int32] {
    var places = neighborRange(index).map { neighborAtoms[$0] }
    if places.count < count, atoms[index].hydrogens > 0 {
      places.insert(
        StereoElement.hydrogen, at: min(atoms[index].hasPredecessor ? 1 : 0, places.count))
    }
    while places.count < count { places.append(StereoElement.hydrogen) }
    return places
  }

  private func tetrahedron(_ index: Int) -> StereoElement {
    StereoElement(
      kind: .tetrahedron, first: Int32(index), second: -1,
      places: orderedPlaces(index, count: 4),
      isPositive: atoms[index].chirality.arrangement == 1)
  }

  private func coordination(_ index: Int) -> StereoElement? {
    let chirality = atoms[index].chirality
    guard let group = CoordinationGroup.group(of: chirality.shape) else { return nil }
    let ordered = orderedPlaces(index, count: group.places)
    return StereoElement(
      kind: .coordination(group), first: Int32(index), second: -1,
      places: CoordinationGroup.layout(of: chirality).map { ordered[$0] }, isPositive: true)
  }

  /// The four substituents at the ends of the chain of double bonds through the centre.
  private func allene(_ index: Int) -> StereoElement? {
    let slots = neighborRange(index)
    var places: [Int32] = []
    var ends: [Int32] = []
    for slot in slots {
      let end = Int(neighborAtoms[slot])
      var own = neighborRange(end).map { neighborAtoms[$0] }.filter { $0 != Int32(index) }
      guard own.count <= 2, !own.isEmpty else { return nil }
      if own.count == 1 {
        own.insert(
          StereoElement.hydrogen,
          at: atoms[end].hasPredecessor && neighborAtoms[Int(neighborStart[end])] == own[0] ? 1 : 0)
      }
      places += own
      ends.append(Int32(end))
    }
    guard places.count == 4 else { return nil }
    return StereoElement(
      kind: .axis, first: ends[0], second: ends[1], places: places,
      isPositive: atoms[index].chirality.arrangement == 1)
  }

  private func otherNeighbor(of atom: Int32, than marked: Int32, _ partner: Int32) -> Int32 {
    for slot in neighborRange(Int(atom))
    where neighborAtoms[slot] != marked && neighborAtoms[slot] != partner {
      return neighborAtoms[slot]
    }
    return StereoElement.hydrogen
  }
}
