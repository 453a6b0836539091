import Foundation
import Molecule
import Testing

struct FunctionalGroupCatalogTests {
  private static func profile(_ smiles: String) throws -> FunctionalGroupProfile {
    try FunctionalGroupCatalog.standard.profile(of: MatchTarget(SMILESReader.read(smiles)))
  }

  @Test func theProgramHoldsTheTableOfTheDataFolder() throws {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appendingPathComponent("data/functional-groups.tsv")
    let table = try FunctionalGroupCatalog(String(contentsOf: path, encoding: .utf8)).groups
    let groups = FunctionalGroupCatalog.standard.groups
    #expect(groups.map(\.id) == table.map(\.id))
    #expect(groups.map(\.words) == table.map(\.words))
    #expect(groups.map(\.pattern.smarts) == table.map(\.pattern.smarts))
    #expect(groups.map(\.parents) == table.map(\.parents))
    #expect(groups.map(\.examples) == table.map(\.examples))
  }

  @Test func theTableHoldsItsExamplesAndNoCounterexamples() throws {
    let catalog = FunctionalGroupCatalog.standard
    #expect(catalog.groups.count >= 120)
    for group in catalog.groups {
      for smiles in group.examples {
        let target = MatchTarget(try SMILESReader.read(smiles))
        #expect(try group.pattern.occurs(in: target), "\(group.id) in \(smiles)")
      }
      for smiles in group.counterexamples {
        let target = MatchTarget(try SMILESReader.read(smiles))
        #expect(try !group.pattern.occurs(in: target), "\(group.id) in \(smiles)")
      }
    }
  }

  @Test func countsFollowTheTable() throws {
    let groups = FunctionalGroupCatalog.standard.groups
    let counts = try Self.profile("CC(=O)Oc1ccccc1C(=O)O").counts
    #expect(counts.count == groups.count)
    let named = Dictionary(uniqueKeysWithValues: zip(groups.map(\.id), counts))
    #expect(named["ester"] == 1)
    #expect(named["carboxylic-acid"] == 1)
    #expect(named["carbonyl"] == 2)
    #expect(named["benzene"] == 1)
    #expect(named["amine"] == 0)
  }

  @Test func specialCasesAreToldInPlaceOfGeneralOnes() throws {
    let aspirin = try Self.profile("CC(=O)Oc1ccccc1C(=O)O")
    #expect(aspirin.findings.map(\.group.id) == ["ester", "carboxylic-acid", "benzene"])
    #expect(aspirin.findings.map(\.count) == [1, 1, 1])
    let lactam = try Self.profile("O=C1CCN1").findings.map(\.group.id)
    #expect(lactam.contains("beta-lactam"))
    #expect(!lactam.contains("amide"))
  }

  @Test func wordsAreStableAndNoneRepeats() throws {
    let words = try Self.profile("CC(=O)Oc1ccccc1C(=O)O").words
    #expect(words == ["ester", "carboxylic acid", "acidic", "benzene", "phenyl", "aromatic"])
    for row in try Golden("spellings").rows {
      let profiles = try row.dropFirst().map { try Self.profile($0) }
      for profile in profiles {
        #expect(profile.counts == profiles[0].counts, "\(row[0])")
        #expect(profile.words == profiles[0].words, "\(row[0])")
        #expect(profile.findings.map(\.count) == profiles[0].findings.map(\.count), "\(row[0])")
        #expect(Set(profile.words).count == profile.words.count)
      }
    }
  }

  @Test func thousandsOfMatchesAreToldInLinearTime() throws {
    let peptide = String(repeating: "NC(C)C(=O)", count: 3_000) + "O"
    let found = try Self.profile(peptide).findings
    #expect(found.contains { $0.group.id == "peptide-bond" && $0.count == 2_999 })
  }

  @Test(arguments: [
    ("id\tname", 1, nil as String?), ("a\tb\tc", 2, nil),
    ("a\tb\tc\tgroup\t\tC\tC\tN", 2, "class"), ("a\tb\tc\tother\t\tC(\tC\tN", 2, "smarts"),
    ("a\tb\tc\tother\tz\tC\tC\tN", 2, "parents"), ("\tb\tc\tother\t\tC\tC\tN", 2, "id"),
  ])
  func badTablesNameLineAndField(_ row: String, line: Int, field: String?) {
    let header = "id\tname\twords\tclass\tparents\tsmarts\texamples\tcounterexamples\n"
    let error = #expect(throws: FunctionalGroupError.self) {
      try FunctionalGroupCatalog(line == 1 ? row : header + row)
    }
    #expect(error?.line == line)
    #expect(error?.field == field)
  }
}
