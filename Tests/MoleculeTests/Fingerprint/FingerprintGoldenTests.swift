import Molecule
import Testing

/// Identifiers, counts and bits equal RDKit's, row by row.
struct FingerprintGoldenTests {
  static func text(_ fingerprint: CountFingerprint) -> String {
    zip(fingerprint.identifiers, fingerprint.counts).map { "\($0):\($1)" }.joined(separator: " ")
  }

  static func text(_ fingerprint: BitFingerprint) -> String {
    fingerprint.setBits.map(String.init).joined(separator: " ")
  }

  static func check(
    _ column: Int, _ make: (MolecularGraph) -> String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for row in try Golden("fingerprints").rows {
      let graph = try SMILESReader.read(row[1])
      #expect(make(graph) == row[column], "\(row[0]) \(row[1])", sourceLocation: sourceLocation)
    }
  }

  @Test func morganCountsOfRadiusTwo() throws {
    var generator = MorganGenerator(radius: 2)
    try Self.check(2) { Self.text(generator.counts(of: $0)) }
  }

  @Test func morganCountsOfRadiusFour() throws {
    var generator = MorganGenerator(radius: 4)
    try Self.check(3) { Self.text(generator.counts(of: $0)) }
  }

  @Test func morganCountsOfFeatures() throws {
    var generator = MorganGenerator(radius: 2, invariants: .features)
    try Self.check(4) { Self.text(generator.counts(of: $0)) }
  }

  @Test func atomPairCounts() throws {
    var generator = AtomPairGenerator()
    try Self.check(5) { Self.text(generator.counts(of: $0)) }
  }

  @Test func torsionCountsInAtomOrder() throws {
    var generator = TorsionGenerator(followsAtomOrder: true)
    try Self.check(6) { Self.text(generator.counts(of: $0)) }
  }

  @Test func pathCountsUpToFiveBonds() throws {
    var generator = PathGenerator(lengths: 1...5)
    try Self.check(7) { Self.text(generator.counts(of: $0)) }
  }

  @Test func morganBits() throws {
    var generator = MorganGenerator(radius: 2)
    try Self.check(8) { Self.text(generator.bits(of: $0, size: 2048)) }
  }

  @Test func atomPairBits() throws {
    var generator = AtomPairGenerator()
    try Self.check(9) { Self.text(generator.bits(of: $0, size: 2048)) }
  }

  @Test func torsionBitsOfASizeThatIsNoPowerOfTwo() throws {
    var generator = TorsionGenerator(followsAtomOrder: true)
    try Self.check(10) { Self.text(generator.bits(of: $0, size: 1000)) }
  }
}
