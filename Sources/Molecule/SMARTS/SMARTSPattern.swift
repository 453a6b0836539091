/// A substructure pattern in SMARTS (Daylight theory manual, chapter 4), compiled for matching.
///
/// Beyond Daylight, as RDKit: ranges `{2-4}`, `^n` hybridisation, `z` and `Z` hetero neighbours, `d`
/// heavy degree, `k` ring size, `->` and `<-`. Hydrogens are counts unless the molecule keeps them as
/// atoms. `R` counts the symmetrised smallest rings. A value, safe to share between threads.
public struct SMARTSPattern: Sendable {
  /// How deep `$()` may be nested.
  public static let maximumDepth = 32
  /// Longest text accepted, in bytes.
  public static let maximumLength = 100_000

  /// The text it was read from.
  public let smarts: String
  /// Atom map numbers (`:n`) in the order of the text, 0 where there is none.
  public let maps: [Int]

  let tests: [AtomTest]
  let atoms: [SMARTSParser.Atom]
  let bonds: [SMARTSParser.Bond]
  let nested: [SMARTSPattern]
  let plan: MatchPlan
  /// Whether any atom belongs to a component group.
  let hasGroups: Bool
  /// Whether any atom or bond states an arrangement.
  let hasStereo: Bool

  /// Number of atoms of the pattern.
  public var atomCount: Int { tests.count }

  /// Reads a pattern.
  public init(parsing text: String) throws(SMARTSError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.maximumLength else {
      throw SMARTSError(reason: .tooLong(limit: Self.maximumLength), offset: Self.maximumLength)
    }
    try self.init(bytes: bytes, range: 0..<bytes.count, depth: 0)
  }

  init(bytes: [UInt8], range: Range<Int>, depth: Int) throws(SMARTSError) {
    var parser = SMARTSParser(bytes: bytes, range: range, depth: depth)
    try parser.parse()
    smarts = String(decoding: bytes[range], as: UTF8.self)
    atoms = parser.atoms
    bonds = parser.bonds
    nested = parser.nested
    tests = atoms.map { AtomTest($0.expression) }
    maps = atoms.map(\.map)
    plan = MatchPlan(tests: tests, atoms: atoms, bonds: bonds, startsAtFirst: depth > 0)
    hasGroups = atoms.contains { $0.group >= 0 }
    hasStereo =
      tests.contains { $0.chirality != nil } || bonds.contains { $0.direction != nil }
  }
}

/// The order in which pattern atoms are matched.
struct MatchPlan: Sendable {
  struct Step: BitwiseCopyable, Sendable {
    /// The pattern atom.
    var atom: Int
    /// A matched pattern atom to which a bond leads, or -1 where a new part starts.
    var anchor = -1
    /// Kinds of that bond, seen from the anchor.
    var mask: UInt16 = 0
    /// The first two masks of the atom's test; the rest are in `masks`.
    var first = AtomWord.all
    var second = AtomWord.all
    /// Range of further masks in ``MatchPlan/masks``.
    var maskStart = 0
    var maskEnd = 0
    /// Range of further bonds to matched atoms in ``MatchPlan/closures``.
    var closureStart = 0
    var closureEnd = 0
    /// Whether the atom's test has a part that masks cannot say.
    var hasRest = false
    /// The `$()` that is the whole of that part, or -1.
    var nested = -1
  }

  private(set) var steps: [Step] = []
  private(set) var masks: [AtomWord] = []
  /// Kinds of each bond, either way round.
  let bondMasks: [UInt16]
  /// Matched pattern atom, and the kinds of bond seen from it.
  private(set) var closures: [(atom: Int, mask: UInt16)] = []

  init(
    tests: [AtomTest], atoms: [SMARTSParser.Atom], bonds: [SMARTSParser.Bond], startsAtFirst: Bool
  ) {
    bondMasks = bonds.map { $0.mask.bits | $0.mask.reversed.bits }
    let weights = tests.map(Self.frequency)
    var isPlaced = [Bool](repeating: false, count: tests.count)
    var remaining = tests.count
    var isFirst = startsAtFirst
    while remaining > 0 {
      // A new part starts at its rarest atom; within a part, the rarest atom that is in reach.
      var frontier: [Int] = []
      let open = tests.indices.filter { !isPlaced[$0] }
      var next = isFirst ? 0 : open.min { weights[$0] < weights[$1] } ?? open[0]
      isFirst = false
      while true {
        let links = atoms[next].bonds.filter { $0 >= 0 }.compactMap { index -> (Int, UInt16)? in
          let bond = bonds[index]
          let other = bond.begin == next ? bond.end : bond.begin
          guard isPlaced[other] else { return nil }
          return (other, other == bond.begin ? bond.mask.bits : bond.mask.reversed.bits)
        }
        isPlaced[next] = true
        remaining -= 1
        add(next, tests[next], links)
        for index in atoms[next].bonds where index >= 0 {
          let other = bonds[index].begin == next ? bonds[index].end : bonds[index].begin
          if !isPlaced[other], !frontier.contains(other) { frontier.append(other) }
        }
        guard let best = frontier.min(by: { weights[$0] < weights[$1] }) else { break }
        frontier.removeAll { $0 == best }
        next = best
      }
    }
  }

  private mutating func add(_ atom: Int, _ test: AtomTest, _ links: [(Int, UInt16)]) {
    var step = Step(atom: atom)
    if let link = links.first { (step.anchor, step.mask) = link }
    step.closureStart = closures.count
    closures += links.dropFirst().map { (atom: $0.0, mask: $0.1) }
    step.closureEnd = closures.count
    if let first = test.masks.first { step.first = first }
    if test.masks.count > 1 { step.second = test.masks[1] }
    step.maskStart = masks.count
    masks += test.masks.dropFirst(2)
    step.maskEnd = masks.count
    step.hasRest = test.rest != nil
    if case .recursive(let index) = test.rest { step.nested = index }
    steps.append(step)
  }

  /// A rough share of the atoms of drug-like molecules that pass the masks.
  private static func frequency(_ test: AtomTest) -> Double {
    var share = test.rest == nil ? 1.0 : 0.7
    for mask in test.masks {
      var sum = 0.0
      for (bit, weight) in common where mask.meets(bit) { sum += weight }
      if mask.low & AtomWord.element.mask.low != 0 {
        share *= max(sum, 0.002)
      } else {
        share *= 0.5
      }
    }
    return share
  }

  private static let common: [(AtomWord, Double)] = [
    (AtomWord.element.bit(3), 0.72), (AtomWord.element.bit(4), 0.1),
    (AtomWord.element.bit(5), 0.13), (AtomWord.element.bit(6), 0.012),
    (AtomWord.element.bit(10), 0.015), (AtomWord.element.bit(11), 0.01),
    (AtomWord.element.bit(9), 0.005), (AtomWord.element.bit(14), 0.003),
  ]
}
