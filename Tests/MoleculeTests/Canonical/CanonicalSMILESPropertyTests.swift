import Molecule
import Tensor
import Testing

/// The canonical SMILES depends on the molecule alone.
struct CanonicalSMILESPropertyTests {
  private static let cages = [
    "C12C3C4C1C5C2C3C45", "C1C2CC3CC1CC(C2)C3", "C1CC2CCC1CC2", "c1ccccc1", "C1CCCCCCCCCCC1",
    "C12C3C4C5C1C6C7C2C8C3C9C4C1C5C6C2C7C8C9C12", "C[C@H]1CC[C@@H](C)CC1", "C[C@H]1CC[C@H](C)CC1",
    "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@H](O)[C@@H]1O", "c1ccccc1.c1ccccc1.C1CC1",
    "F/C=C/C=C\\C=C/F", "C1CC/C=C/CC/C=C\\CC1", "OC(Cl)=[C@AL1]=C(C)F",
    "[NH3][Pt@SP1](Cl)([NH3])Br",
    "F[Co@OH12+3](C)(N)(O)(S)Cl", "CC->[Fe]<-N", "[13CH3][12CH3]", "[CH3:1][CH3:2]",
    "C1=CC=C2C(=C1)C=CC=C2", "C1CC12CC23CC3", "C1%10CC1CC%10", "N[C@@]12C[C@H]1C2",
    "[C@H](F)(Cl)[C@@H](F)Cl", "C(C)(C)(C)C(C)(C)C", "c1cc2ccc3cccc4ccc(c1)c2c34",
  ]

  @Test(arguments: cages)
  func symmetricMoleculesKeepTheirTextUnderRenumbering(_ smiles: String) throws {
    try expectOneText(smiles, orders: 20)
  }

  @Test func compoundsKeepTheirTextUnderRenumbering() throws {
    for row in try Golden("stereo").rows { try expectOneText(row[0], orders: 2) }
  }

  @Test func spellingsOfOneMoleculeHaveOneText() throws {
    for row in try Golden("spellings").rows {
      let texts = Set(try row.dropFirst().map { try SMILESReader.read($0).canonicalSMILES() })
      #expect(texts.count == 1, "\(row[0]): \(texts)")
    }
  }

  @Test func kekuleFormIsReadAsTheSameMolecule() throws {
    for row in try Golden("stereo").rows {
      let graph = try SMILESReader.read(row[0])
      let kekule = graph.canonicalSMILES([.isomeric, .kekule])
      let again = try SMILESReader.read(kekule)
      #expect(again.moleculeKey == graph.moleculeKey, "\(row[0]) as \(kekule)")
      #expect(again.canonicalSMILES([.isomeric, .kekule]) == kekule)
    }
  }

  @Test func stereoisomersDifferWithStereoAndAgreeWithout() throws {
    let pairs = [
      ("C[C@H](N)O", "C[C@@H](N)O"), ("F/C=C/F", "F/C=C\\F"),
      ("C[C@H]1CC[C@@H](C)CC1", "C[C@H]1CC[C@H](C)CC1"),
      ("C[C@H](O)[C@H](C)O", "C[C@H](O)[C@@H](C)O"), ("[2H]CC", "CC[3H]"),
    ]
    for (left, right) in pairs {
      let (left, right) = (try SMILESReader.read(left), try SMILESReader.read(right))
      #expect(left.canonicalSMILES() != right.canonicalSMILES())
      #expect(left.moleculeKey != right.moleculeKey)
      #expect(left.canonicalSMILES([]) == right.canonicalSMILES([]))
    }
  }

  @Test func longChainsAndDeepBranchesAreWrittenInTime() throws {
    let chain = try SMILESReader.read(String(repeating: "C", count: 20_000))
    #expect(chain.canonicalSMILES().utf8.count == 20_000)
    let nested = String(repeating: "C(C", count: 5_000) + String(repeating: ")", count: 5_000)
    #expect(try SMILESReader.read(nested).canonicalSMILES().utf8.count == 10_000)
  }

  private func expectOneText(_ smiles: String, orders: Int) throws {
    let graph = try SMILESReader.read(smiles)
    let text = graph.canonicalSMILES()
    #expect(try SMILESReader.read(text).canonicalSMILES() == text, "\(smiles)")
    var random = RandomSource(seed: 7)
    for _ in 0..<orders {
      var order = graph.atoms.indices.map { Int32($0) }
      for index in order.indices.dropFirst() {
        order.swapAt(index, Int(random.next() % UInt64(index + 1)))
      }
      let spelling = graph.smiles(order: order)
      let again = try SMILESReader.read(spelling)
      #expect(again.canonicalSMILES() == text, "\(smiles) spelled \(spelling)")
    }
  }
}
