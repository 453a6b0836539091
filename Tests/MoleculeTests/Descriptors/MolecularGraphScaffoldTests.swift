import Molecule
import Testing

struct MolecularGraphScaffoldTests {
  /// Equal scaffolds have equal environments.
  static func key(_ graph: MolecularGraph) -> String {
    var generator = MorganGenerator(radius: 4)
    return graph.formula + FingerprintGoldenTests.text(generator.counts(of: graph))
  }

  @Test func scaffoldsEqualRDKit() throws {
    for row in try Golden("scaffolds").rows {
      let scaffold = try SMILESReader.read(row[1]).murckoScaffold()
      if row[2].isEmpty {
        #expect(scaffold.atoms.isEmpty, "\(row[0])")
      } else {
        #expect(Self.key(scaffold) == Self.key(try SMILESReader.read(row[2])), "\(row)")
      }
    }
  }

  /// RDKit leaves radicals where a bracket atom was, written in brackets; we fill them.
  @Test func genericFrameworksEqualRDKit() throws {
    for row in try Golden("scaffolds").rows where !row[3].contains("[") {
      let framework = try SMILESReader.read(row[1]).genericFramework()
      if row[3].isEmpty {
        #expect(framework.atoms.isEmpty, "\(row[0])")
      } else {
        #expect(Self.key(framework) == Self.key(try SMILESReader.read(row[3])), "\(row)")
      }
    }
  }

  @Test func aCutCentreLosesItsMarkAndOthersKeepTheirs() throws {
    let graph = try SMILESReader.read("C[C@H]1CC[C@H](c2ccccc2)CC1")
    let scaffold = graph.murckoScaffold()
    let marks = scaffold.atoms.filter { $0.chirality != .none }
    #expect(marks.count == 1)
    #expect(scaffold.formula == "C12H16")
  }

  @Test func aMoleculeWithoutRingsHasAnEmptyScaffold() throws {
    #expect(try SMILESReader.read("CCCC(=O)O").murckoScaffold().atoms.isEmpty)
  }
}
