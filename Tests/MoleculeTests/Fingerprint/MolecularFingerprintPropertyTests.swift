import Molecule
import Tensor
import Testing

struct MolecularFingerprintPropertyTests {
  static func counts(_ smiles: String) throws -> FeatureCounts {
    MolecularFingerprint.counts(of: try SMILESReader.read(smiles))
  }

  @Test func everySpellingGivesTheSameFeatures() throws {
    for row in try Golden("spellings").rows {
      let expected = try Self.counts(row[1])
      for spelling in row.dropFirst(2) {
        #expect(try Self.counts(spelling) == expected, "\(row[0]): \(spelling)")
      }
    }
  }

  @Test func differentMoleculesDiffer() throws {
    var owners: [[UInt64]: String] = [:]
    let same: Set = [
      "nitrobenzene-neutral", "pyridine-n-oxide-neutral", "explicit-methane", "explicit-alanine",
      "high-ring-number",
    ]
    for row in try Golden("spellings").rows where !same.contains(row[0]) {
      let counts = try Self.counts(row[1])
      let key = counts.keys + counts.counts.map(UInt64.init)
      let other = owners.updateValue(row[0], forKey: key)
      #expect(other == nil, "\(row[0])")
    }
  }

  /// Stereoisomers, isotopologues, isotopomers and charge states.
  @Test(arguments: [
    ["N[C@@H](C)C(=O)O", "N[C@H](C)C(=O)O", "NC(C)C(=O)O"],
    ["C/C=C/C", "C/C=C\\C", "CC=CC"],
    ["C[C@H]1CC[C@H](C)CC1", "C[C@H]1CC[C@@H](C)CC1", "CC1CCC(C)CC1"],
    ["O[C@H]1C[C@H](O)C1", "O[C@H]1C[C@@H](O)C1", "OC1CC(O)C1"],
    [
      "O[C@H]([C@@H](O)C(=O)O)C(=O)O", "O[C@@H]([C@H](O)C(=O)O)C(=O)O",
      "O[C@@H]([C@@H](O)C(=O)O)C(=O)O", "OC(C(O)C(=O)O)C(=O)O",
    ],
    ["C", "[13CH4]", "[14CH4]", "[2H]C", "[3H]C"],
    ["[13CH3]CO", "C[13CH2]O", "CCO"],
    ["[2H]C(C)O", "C(C[2H])O", "CCO[2H]"],
    ["N[Pt@SP1](N)(Cl)Cl", "N[Pt@SP2](N)(Cl)Cl", "N[Pt](N)(Cl)Cl"],
    ["NC(F)=[C@]=C(F)N", "NC(F)=[C@@]=C(F)N", "NC(F)=C=C(F)N"],
    ["C[S@](=O)CC", "C[S@@](=O)CC", "CS(=O)CC"],
    ["S[As@TB1](F)(Cl)(Br)N", "S[As@TB2](F)(Cl)(Br)N", "S[As@TB5](F)(Cl)(Br)N"],
    ["C[Co@OH1](F)(Cl)(Br)(I)S", "C[Co@OH2](F)(Cl)(Br)(I)S", "C[Co@OH9](F)(Cl)(Br)(I)S"],
    [
      "O[C@H](CC)[C@H](O)[C@@H](O)CC", "O[C@H](CC)[C@@H](O)[C@@H](O)CC",
      "O[C@@H](CC)[C@H](O)[C@@H](O)CC",
    ],
    ["C[C@@H]1CC[C@]2(CC1)CC[C@H](C)CC2", "C[C@@H]1CC[C@]2(CC1)CC[C@@H](C)CC2"],
    ["C/C=C/[C@H](O)/C=C\\C", "C/C=C/[C@@H](O)/C=C\\C"],
    [
      "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@H](O)[C@@H]1O",
      "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
      "O[C@H]1[C@@H](O)[C@@H](O)[C@@H](O)[C@H](O)[C@@H]1O",
    ],
    ["[O-]C=O", "OC=O", "[OH2+]C=O"],
    ["C1CC1.C1CC1", "C1CCCCC1", "C1CC1.CC=C"],
  ])
  func siblingsNeverCollide(_ siblings: [String]) throws {
    let counts = try siblings.map { try Self.counts($0) }
    for high in siblings.indices {
      for low in 0..<high {
        #expect(counts[low] != counts[high], "\(siblings[low]) and \(siblings[high])")
      }
    }
  }

  /// Marks that distinguish nothing leave no trace.
  @Test(arguments: [
    ("C[C@](F)(F)Cl", "CC(F)(F)Cl"), ("C[C@H]1CCCCC1", "CC1CCCCC1"), ("C/C=C(/C)C", "CC=C(C)C"),
    ("C[C@H2]N", "CCN"), ("C[C@](C)(CC)O", "CC(C)(CC)O"),
  ])
  func meaninglessMarksAreIgnored(_ marked: String, _ plain: String) throws {
    #expect(try Self.counts(marked) == Self.counts(plain))
  }

  @Test(arguments: ["CN1CCC[C@H]1c1cccnc1", "CC(=O)Oc1ccccc1C(=O)O", "CC(C)Cc1ccc(cc1)C(C)C(=O)O"])
  func drugSizedMoleculesHaveHundredsOfFeatures(_ smiles: String) throws {
    #expect((80...700).contains(try Self.counts(smiles).keys.count))
  }

  @Test func enantiomersShareMostFeatures() throws {
    let left = Set(try Self.counts("CC(C)Cc1ccc(cc1)[C@H](C)C(=O)O").keys)
    let right = Set(try Self.counts("CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O").keys)
    #expect(left.symmetricDifference(right).count <= 20)
    #expect(!left.symmetricDifference(right).isEmpty)
  }

  @Test(arguments: [
    String(repeating: "C", count: 20_000), SMILESReaderTests.ladder(atoms: 10_000),
    "*" + String(repeating: "(C)", count: 20_000),
    String(repeating: "[C@H](F)", count: 5_000) + "C",
    String(repeating: "F.", count: 10_000) + "F",
  ])
  func largeMoleculesStayAffordable(_ smiles: String) throws {
    let counts = try Self.counts(smiles)
    #expect(!counts.keys.isEmpty)
  }
}
