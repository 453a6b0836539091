import Molecule
import Testing

struct FingerprintGeneratorPropertyTests {
  static func generators() -> [any FingerprintGenerator] {
    [
      MorganGenerator(radius: 2), MorganGenerator(radius: 3, usesChirality: true),
      MorganGenerator(radius: 2, invariants: .features), MorganGenerator(usesBondTypes: false),
      AtomPairGenerator(), AtomPairGenerator(distances: 2...4), TorsionGenerator(), PathGenerator(),
    ]
  }

  @Test func everySpellingGivesTheSameFingerprint() throws {
    var generators = Self.generators()
    for row in try Golden("spellings").rows {
      let graphs = try row.dropFirst().map { try SMILESReader.read($0) }
      for index in generators.indices {
        let expected = generators[index].counts(of: graphs[0])
        for (graph, spelling) in zip(graphs, row.dropFirst()).dropFirst() {
          let found = generators[index].counts(of: graph)
          #expect(found == expected, "generator \(index), \(row[0]): \(spelling)")
        }
      }
    }
  }

  @Test func aUsedGeneratorGivesWhatAFreshOneGives() throws {
    var used = Self.generators()
    let smiles = [String(repeating: "CO", count: 700), "CCO", "c1ccccc1C(=O)O", "", "[Na+].[Cl-]"]
    for graph in try smiles.filter({ !$0.isEmpty }).map({ try SMILESReader.read($0) }) {
      var fresh = Self.generators()
      for index in used.indices {
        #expect(used[index].counts(of: graph) == fresh[index].counts(of: graph))
        #expect(
          used[index].bits(of: graph, size: 512) == fresh[index].bits(of: graph, size: 512))
      }
    }
  }

  @Test func bitsAreTheFoldedIdentifiersOfMorganAndPaths() throws {
    let graph = try SMILESReader.read("CC(=O)Oc1ccccc1C(=O)O")
    var morgan = MorganGenerator()
    var paths = PathGenerator()
    for size in [1, 63, 64, 1000, 2048] {
      #expect(morgan.bits(of: graph, size: size) == morgan.counts(of: graph).folded(to: size))
      #expect(paths.bits(of: graph, size: size) == paths.counts(of: graph).folded(to: size))
    }
  }

  @Test(arguments: [
    ("N[C@@H](C)C(=O)O", "N[C@H](C)C(=O)O"), ("F/C=C/F", "F/C=C\\F"),
    ("C[C@H]1CC[C@H](C)CC1", "CC1CCC(C)CC1"), ("NC(F)=[C@]=C(F)N", "NC(F)=[C@@]=C(F)N"),
  ])
  func onlyTheChiralityOptionSeesStereoMarks(_ left: String, _ right: String) throws {
    let (first, second) = (try SMILESReader.read(left), try SMILESReader.read(right))
    var plain = MorganGenerator(radius: 2)
    var chiral = MorganGenerator(radius: 2, usesChirality: true)
    #expect(plain.counts(of: first) == plain.counts(of: second))
    let isCyclohexane = left.contains("1CC[C")
    #expect((chiral.counts(of: first) == chiral.counts(of: second)) == isCyclohexane)
  }

  @Test func aRadiusOfZeroCountsAtoms() throws {
    var generator = MorganGenerator(radius: 0)
    let counts = generator.counts(of: try SMILESReader.read("CCO"))
    #expect(counts.identifiers == [864_662_311, 2_245_384_272, 2_246_728_737])
    #expect(counts.counts == [1, 1, 1])
  }

  @Test func atomPairsAtADistanceAreCounted() throws {
    var generator = AtomPairGenerator(distances: 3...3)
    #expect(generator.counts(of: try SMILESReader.read("CCCCC")).total == 2)
    #expect(generator.counts(of: try SMILESReader.read("C.C")).total == 0)
  }

  @Test(arguments: [
    String(repeating: "C", count: 5_000), SMILESReaderTests.ladder(atoms: 2_000),
    "*" + String(repeating: "(C)", count: 10_000),
    String(repeating: "[C@H](F)", count: 5_000) + "C",
    String(repeating: "F.", count: 10_000) + "F",
  ])
  func largeMoleculesStayAffordable(_ smiles: String) throws {
    let graph = try SMILESReader.read(smiles)
    var generators: [any FingerprintGenerator] = [
      MorganGenerator(), MorganGenerator(invariants: .features), AtomPairGenerator(),
      TorsionGenerator(), PathGenerator(lengths: 1...5),
    ]
    for index in generators.indices {
      #expect(generators[index].bits(of: graph, size: 256).size == 256)
    }
  }
}
