import Molecule
import Testing

struct MoleculeKeyTests {
  /// Keys identify rows of databases: they never change.
  @Test func keysArePinned() throws {
    #expect(try SMILESReader.read("CCO").moleculeKey == MoleculeKeyTests.ethanol)
    #expect(try SMILESReader.read("OCC").moleculeKey == MoleculeKeyTests.ethanol)
    #expect(MolecularGraph.moleculeKey(of: Array("CCO".utf8)) == MoleculeKeyTests.ethanol)
  }

  @Test func atomClassesDoNotCount() throws {
    #expect(try SMILESReader.read("[CH3:4]CO").moleculeKey == MoleculeKeyTests.ethanol)
  }

  @Test func isotopesCount() throws {
    #expect(try SMILESReader.read("[13CH3]CO").moleculeKey != MoleculeKeyTests.ethanol)
  }

  private static let ethanol: UInt64 = 2_930_889_080_417_672_553
}
