import Foundation
import Molecule
import Testing

struct FunctionalGroupCatalogTests {
  private static func shipped() throws -> FunctionalGroupCatalog {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let table = root.appendingPathComponent("data/functional-groups.tsv")
    return try FunctionalGroupCatalog(String(contentsOf: table, encoding: .utf8))
  }

  @Test func theTableHoldsItsExamplesAndNoCounterexamples() throws {
    let catalog = try Self.shipped()
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
    let catalog = try Self.shipped()
    let aspirin = MatchTarget(try SMILESReader.read("CC(=O)Oc1ccccc1C(=O)O"))
    let counts = try catalog.counts(in: aspirin)
    #expect(counts.count == catalog.groups.count)
    let named = Dictionary(uniqueKeysWithValues: zip(catalog.groups.map(\.id), counts))
    #expect(named["ester"] == 1)
    #expect(named["carboxylic-acid"] == 1)
    #expect(named["carbonyl"] == 2)
    #expect(named["benzene"] == 1)
    #expect(named["amine"] == 0)
  }

  @Test func specialCasesAreToldInPlaceOfGeneralOnes() throws {
    let catalog = try Self.shipped()
    let aspirin = MatchTarget(try SMILESReader.read("CC(=O)Oc1ccccc1C(=O)O"))
    let told = try catalog.groups(in: aspirin).map(\.group.id)
    #expect(told == ["ester", "carboxylic-acid", "benzene"])
    let lactam = MatchTarget(try SMILESReader.read("O=C1CCN1"))
    #expect(try catalog.groups(in: lactam).map(\.group.id).contains("beta-lactam"))
    #expect(try !catalog.groups(in: lactam).map(\.group.id).contains("amide"))
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
