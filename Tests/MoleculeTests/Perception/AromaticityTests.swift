import Molecule
import Testing

/// Atoms that RDKit 2026.09.1 calls aromatic, counted; of aluminium see docs/conformance.md.
struct AromaticityTests {
  @Test(arguments: [
    ("C1=CC=CNC=CC=C1", 9), ("C1=CC=COC=CC=C1", 0), ("C1=CC=C[Te]C=CC=C1", 9),
    ("S1C=CC=CSC=C1", 8), ("S1C=CSSC=CSC=C1", 0), ("O1C=CC=CON1", 7),
    ("C1=CC=CC=C[O+]=CC=C1", 10), ("c1ccc2c(c1)Sc1ccccc1SSc1ccccc1S2", 18),
    ("N1NC=CNC=CNC=C1", 10), ("C1=C[Al]=CC=C1", 0),
  ])
  func oxygenAndSulfurGiveNoPairToLargeRings(_ smiles: String, count: Int) throws {
    let graph = try SMILESReader.read(smiles)
    #expect(graph.atoms.count { $0.isAromatic } == count)
  }

  /// Azulene is aromatic only as a whole; of fused rings that are aromatic alone nothing changes.
  @Test(arguments: [
    ("C1=CC2=CC=CC=CC2=C1", 10, 10), ("c1ccc2ccccc2c1", 10, 11), ("C1=CC2=CC=CC2=C1", 0, 0),
    ("C1=CC2=C3C(=C1)C=CC3=CC=C2", 10, 11),
  ])
  func fusedRingsCountTogether(_ smiles: String, atoms: Int, bonds: Int) throws {
    let graph = try SMILESReader.read(smiles)
    #expect(graph.atoms.count { $0.isAromatic } == atoms)
    #expect(graph.bonds.count { $0.isAromatic } == bonds)
  }
}
