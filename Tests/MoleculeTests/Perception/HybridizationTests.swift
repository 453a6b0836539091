import Molecule
import Testing

/// Beside the golden file: atoms that only complexes of metals have, as RDKit tells them.
struct HybridizationTests {
  @Test func carbonylThatGivesAPairToAMetalIsFlat() throws {
    let graph = try SMILESReader.read("[Ta@OH1]1(O=C(C)C=C(C)O1)(OCC)(OCC)(OCC)OCC")
    #expect(graph.hybridization(1) == .sp2)
    #expect(graph.hybridization(7) == .sp2)
    #expect(graph.hybridization(8) == .sp3)
  }

  @Test func oddElectronPastAnOctetIsNoOrbital() throws {
    let graph = try SMILESReader.read("[Pt]([S](=O)(C)C)([S](=O)(C)C)(Cl)Cl")
    #expect(graph.hybridization(1) == .sp3)
    #expect(try SMILESReader.read("[CH3]").hybridization(0) == .sp3)
  }
}
