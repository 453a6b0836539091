import Molecule
import Testing

struct RingCountsTests {
  /// Rings of bridged systems, as many as RDKit's symmetrised set.
  @Test(arguments: [
    ("CC1=CCC2CC1C2(C)C", 3), ("C1CC2CCC1CC2", 3), ("C1CN2CCC1CC2", 3), ("C12C3C4C1C5C2C3C45", 6),
    ("C1C2CC3CC1CC(C2)C3", 4), ("c1ccc2ccccc2c1", 2), ("C1CC2CCC1C2", 2), ("CCO", 0),
    ("C1CCCCC1.C1CC1", 2),
  ])
  func countsWaysRoundBridges(_ smiles: String, _ count: Int) throws {
    #expect(RingCounts(of: try SMILESReader.read(smiles)).all == count)
  }

  @Test func kindsOfRingsAddUp() throws {
    let rings = RingCounts(of: try SMILESReader.read("C1CCOC1c1ccc2[nH]ccc2c1C1CC=CC1"))
    #expect(rings.all == 4)
    #expect(rings.aromatic == 2 && rings.aliphatic == 2 && rings.saturated == 1)
    #expect(rings.heterocycles == 2)
    #expect(rings.aromaticHeterocycles == 1 && rings.saturatedHeterocycles == 1)
    #expect(rings.aliphaticCarbocycles == 1 && rings.saturatedCarbocycles == 0)
  }

  @Test func hugeRingSystemsStayAffordable() throws {
    let graph = try SMILESReader.read(SMILESReaderTests.ladder(atoms: 1_500))
    #expect(RingCounts(of: graph).all > 500)
  }
}
