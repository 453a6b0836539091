import Tensor

/// Something with a handedness: a centre, a double bond or an allene.
struct StereoElement: BitwiseCopyable {
  enum Kind: BitwiseCopyable {
    /// Four places round a centre; `isPositive` says how they turn.
    case tetrahedron
    /// Two places at each of two ends; `isPositive` says which face each other.
    case axis
    /// Up to six places round a centre, up to the rotations of the shape.
    case coordination(Chirality.Shape)
  }

  static let hydrogen: Int32 = -1

  let kind: Kind
  /// The atoms that carry the mark: the centre, or both ends.
  let first: Int32
  let second: Int32
  /// Atoms in the places, of which there are ``placeCount``; ``hydrogen`` for a hydrogen, a lone
  /// pair or an empty place.
  let sites: InlineArray<6, Int32>
  let placeCount: Int
  /// Atoms in the places, as a list; loops that count use ``sites``.
  var places: [Int32] { (0..<placeCount).map { sites[$0] } }
  var isPositive: Bool
  /// Whether this is a double bond.
  var isDoubleBond = false

  /// What an observer who tells atoms apart by `colors` alone can say of the handedness: 0 when
  /// two neighbours that matter look equal.
  func descriptor(_ colors: [UInt64]) -> UInt64 { descriptor(by: { colors[Int($0)] }) }

  /// What an observer who tells atoms apart by their colours, not 0, can say of the handedness.
  @inline(__always)
  func descriptor(by color: (Int32) -> UInt64) -> UInt64 {
    switch kind {
    case .tetrahedron:
      let a = Self.color(sites[0], color)
      let b = Self.color(sites[1], color)
      let c = Self.color(sites[2], color)
      let d = Self.color(sites[3], color)
      if a == b || a == c || a == d || b == c || b == d || c == d { return 0 }
      let isOdd = (((a > b) != (a > c)) != ((a > d) != (b > c))) != ((b > d) != (c > d))
      return isOdd != isPositive ? 1 : 2
    case .axis:
      let a = Self.color(sites[0], color)
      let b = Self.color(sites[1], color)
      let c = Self.color(sites[2], color)
      let d = Self.color(sites[3], color)
      if a == b || c == d { return 0 }
      return ((a < b) == (c < d)) == isPositive ? 1 : 2
    case .coordination:
      for high in 1..<placeCount {
        for low in 0..<high
        where Self.color(sites[low], color) == Self.color(sites[high], color) { return 0 }
      }
      return arrangement(by: color)
    }
  }

  /// The least sequence of colours over all rotations, as one key.
  func arrangement(_ colors: [UInt64]) -> UInt64 { arrangement(by: { colors[Int($0)] }) }

  private func arrangement(by color: (Int32) -> UInt64) -> UInt64 {
    guard case .coordination(let shape) = kind, let group = CoordinationGroup.group(of: shape)
    else { return 0 }
    var least: [UInt64] = []
    for rotation in group.rotations {
      let turned = rotation.map { Self.color(sites[$0], color) }
      if least.isEmpty || turned.lexicographicallyPrecedes(least) { least = turned }
    }
    var hash = FeatureHash(kind: FeatureKind.arrangement.rawValue)
    for color in least { hash.combine(color) }
    return hash.key
  }

  static func color(_ place: Int32, _ colors: [UInt64]) -> UInt64 {
    place < 0 ? 0 : colors[Int(place)]
  }

  @inline(__always)
  private static func color(_ place: Int32, _ color: (Int32) -> UInt64) -> UInt64 {
    place < 0 ? 0 : color(place)
  }

  /// Places that must differ for a descriptor.
  var pairs: [(Int, Int)] {
    switch kind {
    case .axis: [(0, 1), (2, 3)]
    case .tetrahedron, .coordination:
      (0..<placeCount).flatMap { high in (0..<high).map { ($0, high) } }
    }
  }

  init(
    kind: Kind, first: Int32, second: Int32, sites: InlineArray<6, Int32>, placeCount: Int,
    isPositive: Bool
  ) {
    self.kind = kind
    self.first = first
    self.second = second
    self.sites = sites
    self.placeCount = placeCount
    self.isPositive = isPositive
  }

  /// The element of a molecule whose atoms have other numbers.
  func renumbered(_ number: (Int32) -> Int32) -> StereoElement {
    var turned = sites
    for place in 0..<6 where turned[place] >= 0 { turned[place] = number(turned[place]) }
    var element = StereoElement(
      kind: kind, first: number(first), second: second < 0 ? second : number(second),
      sites: turned, placeCount: placeCount, isPositive: isPositive)
    element.isDoubleBond = isDoubleBond
    return element
  }
}

extension MolecularGraph {
  /// All marked centres and double bonds.
  func stereoElements() -> [StereoElement] {
    var count = stereoBonds.count
    for index in 0..<atoms.count where atoms[index].chirality.shape != .none { count += 1 }
    var elements: [StereoElement] = []
    if count == 0 { return elements }
    elements.reserveCapacity(count)
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
        sites: [stereo.beginNeighbor, begin, stereo.endNeighbor, end, -1, -1], placeCount: 4,
        isPositive: stereo.isCis)
      element.isDoubleBond = true
      elements.append(element)
    }
    return elements
  }

  /// Neighbours in order, a hydrogen in its place; lone pairs and empty places last, as RDKit
  /// reads them.
  private func orderedPlaces(_ index: Int, count: Int) -> InlineArray<6, Int32> {
    var places = InlineArray<6, Int32>(repeating: StereoElement.hydrogen)
    let range = neighborRange(index)
    let hasHydrogen = range.count < count && atoms[index].hydrogens > 0
    let gap = hasHydrogen ? min(atoms[index].hasPredecessor ? 1 : 0, range.count) : 6
    var place = 0
    for slot in range {
      if place == gap { place += 1 }
      if place < 6 { places[place] = neighborAtoms[slot] }
      place += 1
    }
    return places
  }

  private func tetrahedron(_ index: Int) -> StereoElement {
    StereoElement(
      kind: .tetrahedron, first: Int32(index), second: -1,
      sites: orderedPlaces(index, count: 4), placeCount: 4,
      isPositive: atoms[index].chirality.arrangement == 1)
  }

  private func coordination(_ index: Int) -> StereoElement? {
    let chirality = atoms[index].chirality
    guard let group = CoordinationGroup.group(of: chirality.shape) else { return nil }
    let ordered = orderedPlaces(index, count: group.places)
    var places = InlineArray<6, Int32>(repeating: StereoElement.hydrogen)
    for (place, neighbor) in CoordinationGroup.layout(of: chirality).enumerated() {
      places[place] = ordered[neighbor]
    }
    return StereoElement(
      kind: .coordination(chirality.shape), first: Int32(index), second: -1, sites: places,
      placeCount: group.places, isPositive: true)
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
      kind: .axis, first: ends[0], second: ends[1],
      sites: [places[0], places[1], places[2], places[3], -1, -1], placeCount: 4,
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
