/// Bits that a molecule has whenever a pattern with the same bits occurs in it.
///
/// A pattern can only occur in molecules whose screen has every bit of the pattern's
/// (``covers(_:_:)``); that rules out most molecules without a search. Bits stand for unbranched
/// paths of up to four bonds, by their elements and by elements with aromaticity, and for counts of
/// an element. Bond orders, charges, hydrogens and rings are left to the search. The bits are part
/// of stored data: a change of them needs a new version of the stored column.
public enum SubstructureScreen {
  /// Number of bits.
  public static let size = 512

  /// Most paths that are followed from one atom; a molecule with more gets all bits.
  static let pathsPerAtom = 4096

  /// The bits of a molecule; O(A) paths of at most four bonds.
  public static func bits(of graph: MolecularGraph) -> BitFingerprint {
    var bits = ScreenBits()
    var walk = ScreenWalk(
      labels: graph.atoms.map { atom in
        ScreenLabel(element: atom.element.number, isAromatic: atom.isAromatic)
      },
      starts: graph.neighborStart, neighbors: graph.neighborAtoms)
    guard walk.addPaths(to: &bits) else { return ScreenBits.full }
    bits.addCounts(walk.labels)
    return bits.fingerprint
  }

  /// The bits that every molecule has in which the pattern occurs.
  ///
  /// Atoms whose element the pattern leaves open add nothing, nor do parts within `$()`, under a
  /// negation, or in an alternative that not all others share.
  public static func bits(of pattern: SMARTSPattern) -> BitFingerprint {
    var bits = ScreenBits()
    let labels = pattern.atoms.map { atom in
      ScreenLabel(
        element: element(atom.expression), isAromatic: aromaticity(atom.expression))
    }
    var adjacent = [[Int32]](repeating: [], count: labels.count)
    for bond in pattern.bonds {
      adjacent[bond.begin].append(Int32(bond.end))
      adjacent[bond.end].append(Int32(bond.begin))
    }
    var walk = ScreenWalk(
      labels: labels,
      starts: adjacent.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int32($1.count)) },
      neighbors: adjacent.flatMap(\.self))
    // Bits that are missing for want of patience only let more molecules through.
    _ = walk.addPaths(to: &bits)
    bits.addCounts(labels)
    return bits.fingerprint
  }

  /// Whether a pattern with these bits can occur in a molecule with those.
  public static func covers(_ molecule: BitFingerprint, _ pattern: BitFingerprint) -> Bool {
    zip(molecule.words, pattern.words).allSatisfy { $1 & ~$0 == 0 }
  }

  /// The only element an atom can have by its expression, or nil.
  private static func element(_ expression: AtomExpression) -> UInt8? {
    shared(expression) { part in if case .element(let number) = part { number } else { nil } }
  }

  /// Whether an atom has to be aromatic by its expression, or nil.
  private static func aromaticity(_ expression: AtomExpression) -> Bool? {
    shared(expression) { part in if case .aromatic(let flag) = part { flag } else { nil } }
  }

  /// What an expression asks for in every case: one part of a conjunction, or all alternatives.
  private static func shared<Value: Equatable>(
    _ expression: AtomExpression, _ value: (AtomExpression) -> Value?
  ) -> Value? {
    if let value = value(expression) { return value }
    switch expression {
    case .all(let parts):
      for part in parts {
        if let found = shared(part, value) { return found }
      }
      return nil
    case .either(let parts):
      guard let first = parts.first.flatMap({ shared($0, value) }) else { return nil }
      return parts.allSatisfy { shared($0, value) == first } ? first : nil
    default: return nil
    }
  }
}

/// What is known of an atom on a path.
struct ScreenLabel: Equatable {
  /// Atomic number, nil for any.
  let element: UInt8?
  /// nil for either.
  let isAromatic: Bool?
}

/// A screen in the making.
struct ScreenBits {
  private(set) var fingerprint = BitFingerprint(size: SubstructureScreen.size)

  /// All bits: of a molecule that is not looked into.
  static let full = BitFingerprint(
    size: SubstructureScreen.size,
    words: [UInt64](repeating: .max, count: SubstructureScreen.size / 64))

  /// Counts from which an element sets another bit.
  private static let counts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32]

  /// Sets the bit of a code by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  mutating func add(_ code: UInt64) {
    var hash = code &+ 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
    hash ^= hash >> 31
    fingerprint.insert(Int(hash % UInt64(SubstructureScreen.size)))
  }

  /// One bit for each count that an element reaches; atoms of unknown element count for none.
  mutating func addCounts(_ labels: [ScreenLabel]) {
    var totals: [UInt8: Int] = [:]
    for case let element? in labels.map(\.element) { totals[element, default: 0] += 1 }
    for (element, total) in totals {
      for (place, count) in Self.counts.enumerated() where count <= total {
        add(1 << 63 | UInt64(element) << 8 | UInt64(place))
      }
    }
  }
}

/// Follows the unbranched paths of a graph of labelled atoms.
struct ScreenWalk {
  let labels: [ScreenLabel]
  /// First entry of each atom in `neighbors`; [A + 1].
  let starts: [Int32]
  let neighbors: [Int32]

  /// Most bonds of a path.
  private static let bonds = 4

  private var path: [Int32] = []
  private var budget = 0

  init(labels: [ScreenLabel], starts: [Int32], neighbors: [Int32]) {
    self.labels = labels
    self.starts = starts
    self.neighbors = neighbors
    path.reserveCapacity(Self.bonds + 1)
  }

  /// Adds every path; false when an atom has too many, and some are missing.
  mutating func addPaths(to bits: inout ScreenBits) -> Bool {
    for atom in labels.indices where labels[atom].element != nil {
      budget = SubstructureScreen.pathsPerAtom
      extend(Int32(atom), elements: 0, aromatic: 0, &bits)
      if budget == 0 { return false }
    }
    return true
  }

  /// `elements` holds 7 bits an atom, `aromatic` 8; the latter is nil once an atom leaves it open.
  private mutating func extend(
    _ atom: Int32, elements: UInt64, aromatic: UInt64?, _ bits: inout ScreenBits
  ) {
    guard budget > 0, let element = labels[Int(atom)].element, !path.contains(atom) else { return }
    budget -= 1
    path.append(atom)
    defer { path.removeLast() }
    let elements = elements << 7 | UInt64(element)
    var withAromaticity: UInt64?
    if let aromatic, let flag = labels[Int(atom)].isAromatic {
      withAromaticity = aromatic << 8 | UInt64(element) << 1 | (flag ? 1 : 0)
    }
    // A path is met from both ends; one direction is enough, and both give the same code.
    bits.add(Self.directed(elements, width: 7, count: path.count) << 1)
    if let code = withAromaticity {
      bits.add(Self.directed(code, width: 8, count: path.count) << 1 | 1)
    }
    if path.count > Self.bonds { return }
    for slot in starts[Int(atom)]..<starts[Int(atom) + 1] {
      extend(
        neighbors[Int(slot)], elements: elements, aromatic: withAromaticity, &bits)
    }
  }

  /// The lesser of a code and the code of the same path read from its other end, with its length.
  private static func directed(_ code: UInt64, width: UInt64, count: Int) -> UInt64 {
    var reversed: UInt64 = 0
    var rest = code
    for _ in 0..<count {
      reversed = reversed << width | rest & (1 << width - 1)
      rest >>= width
    }
    return min(code, reversed) << 3 | UInt64(count)
  }
}
