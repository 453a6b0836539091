import Tensor
import Testing

@testable import Molecule

@Suite struct StructureWordsTests {
  private static let words = StructureWords(catalog: .standard)

  private func counts(_ smiles: String) throws -> FeatureCounts {
    Self.words.counts(of: try SMILESReader.read(smiles))
  }

  private func count(_ kind: FeatureKind, _ first: Int, _ second: Int = 0, in smiles: String)
    throws -> Int
  {
    let counts = try counts(smiles)
    let key = StructureWords.key(kind, first, second)
    return counts.keys.firstIndex(of: key).map { Int(counts.counts[$0]) } ?? 0
  }

  @Test func everySpellingGivesTheSameWords() throws {
    for row in try Golden("spellings").rows {
      let expected = try counts(row[1])
      for spelling in row.dropFirst(2) {
        #expect(try counts(spelling) == expected, "\(row[0]): \(spelling)")
      }
    }
  }

  @Test func numbersAreExact() throws {
    // Ethyl ammonium acetate: C4H11NO2.
    let smiles = "CC[NH3+].CC(=O)[O-]"
    #expect(try count(.elementCount, 6, 4, in: smiles) == 1)
    #expect(try count(.elementCount, 1, 11, in: smiles) == 1)
    #expect(try count(.elementCount, 7, 1, in: smiles) == 1)
    #expect(try count(.elementCount, 8, 2, in: smiles) == 1)
    #expect(try count(.elementCount, 6, 3, in: smiles) == 0)
    #expect(try count(.exactHeavyAtomCount, 7, in: smiles) == 1)
    #expect(try count(.exactCharge, 0, in: smiles) == 1)
    #expect(try count(.ionCounts, 1, 1, in: smiles) == 1)
    #expect(try count(.ionCounts, -1, 1, in: smiles) == 1)
    #expect(try count(.hasIsotopes, 1, in: smiles) == 0)
    #expect(try count(.hasIsotopes, 1, in: "[13CH4]") == 1)
  }

  @Test func ringsAndDoubleBondsAreExact() throws {
    let tetralin = "C1CCc2ccccc2C1"
    #expect(try count(.exactRingCount, 2, in: tetralin) == 1)
    #expect(try count(.exactAromaticRingCount, 1, in: tetralin) == 1)
    #expect(try count(.carbonDoubleBondCount, 0, in: tetralin) == 1)
    // The carbonyl is no bond between carbons.
    #expect(try count(.carbonDoubleBondCount, 2, in: "C=CC=CC(=O)O") == 1)
  }

  @Test(arguments: [
    ("CCCCCCCCCCCCCCCCCC(=O)O", 18, 0, 18),  // octadecanoic acid
    ("CCCCCCCC/C=C\\CCCCCCCC(=O)O", 18, 1, 18),  // oleic acid
    ("CC(C)CCCC(C)C", 7, 0, 9),  // branched: seven on the longest path of nine
    ("C=C(C)C", 3, 1, 4),  // of equal paths that with the double bond
    ("CC(C)(CC=C)CC", 6, 1, 8),
  ])
  func longestPathOfAChain(_ smiles: String, _ length: Int, _ doubleBonds: Int, _ carbons: Int)
    throws
  {
    #expect(try count(.chain, length, in: smiles) == 1)
    #expect(try count(.unsaturatedChain, length, doubleBonds, in: smiles) == 1)
    #expect(try count(.chainCarbons, carbons, in: smiles) == 1)
    #expect(try count(.longestChain, length, in: smiles) == 1)
    #expect(try count(.longestUnsaturatedChain, length, doubleBonds, in: smiles) == 1)
  }

  @Test func chainsEndAtRingsAndOtherElements() throws {
    let smiles = "CCCCOCCc1ccccc1"
    #expect(try count(.chain, 4, in: smiles) == 1)
    #expect(try count(.chain, 2, in: smiles) == 1)
    #expect(try count(.longestChain, 4, in: smiles) == 1)
    #expect(try count(.longestChain, 2, in: smiles) == 0)
    #expect(try count(.chain, 6, in: "c1ccccc1") == 0)
  }

  @Test func onlyTheSixLargestChainsCount() throws {
    let smiles = (1...8).map { String(repeating: "C", count: $0) }.joined(separator: "O")
    #expect(try (1...2).allSatisfy { try count(.chain, $0, in: smiles) == 0 })
    #expect(try (3...8).allSatisfy { try count(.chain, $0, in: smiles) == 1 })
  }

  @Test func stereoLabelsAreCounted() throws {
    #expect(try count(.stereoLabelCount, 0, 1, in: "N[C@@H](C)C(=O)O") == 1)
    #expect(try count(.stereoLabelCount, 0, 0, in: "NC(C)C(=O)O") == 1)
    #expect(try count(.stereoLabelCount, 1, 1, in: "NC(C)C(=O)O") == 1)
    #expect(try count(.stereoLabelCount, 2, 1, in: "C/C=C/C") == 1)
  }

  @Test func moreMatchesThanTheLimitCountAsTheLimit() throws {
    let catalog = try FunctionalGroupCatalog(Self.table("[OH]"))
    let words = StructureWords(catalog: catalog)
    func most(_ groups: Int) throws -> UInt32? {
      let smiles = String(repeating: "C(O)", count: groups)
      let counts = words.counts(of: try SMILESReader.read(smiles))
      var hash = FeatureHash(kind: FeatureKind.group.rawValue)
      for byte in "[OH]".utf8 { hash.combine(UInt64(byte)) }
      return counts.keys.firstIndex(of: hash.key).map { UInt32(counts.counts[$0]) }
    }
    #expect(try most(3) == 3)
    #expect(try most(StructureWords.mostMatches) == 60)
    #expect(try most(StructureWords.mostMatches + 20) == 60)
  }

  @Test func changedPatternIsANewWord() throws {
    let graph = try SMILESReader.read("CCO")
    let keys = try ["[OH]", "[OX2H]", "[OH]"].map {
      Set(
        StructureWords(catalog: try FunctionalGroupCatalog(Self.table($0))).counts(of: graph).keys)
    }
    #expect(keys[0] == keys[2])
    // The group and its number.
    #expect(keys[0].symmetricDifference(keys[1]).count == 4)
  }

  @Test(arguments: [
    String(repeating: "C", count: 4_000), SMILESReaderTests.ladder(atoms: 2_000),
    "*" + String(repeating: "(C)", count: 4_000),
    String(repeating: "[C@H](F)", count: 1_000) + "C", String(repeating: "F.", count: 2_000) + "F",
  ])
  func largeMoleculesStayAffordable(_ smiles: String) throws {
    #expect(try !counts(smiles).keys.isEmpty)
  }

  private static func table(_ smarts: String) -> String {
    "id\tname\twords\tclass\tparents\tsmarts\texamples\tcounterexamples\n"
      + "x\thydroxyl\thydroxy\tfunctional group\t\t\(smarts)\tCO\tC\n"
  }
}
