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
