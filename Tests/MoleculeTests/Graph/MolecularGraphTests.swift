import Molecule
import Testing

struct MolecularGraphTests {
  @Test(arguments: [
    ("O", "H2O"), ("Cl", "HCl"), ("[NH4+]", "H4N+"), ("C#N", "CHN"), ("[2H]O[2H]", "H2O"),
    ("OS(=O)(=O)O", "H2O4S"), ("[Fe+2].[Cl-].[Cl-]", "Cl2Fe"), ("[O-]C([O-])=O", "CO3-2"),
    ("*C*", "CH2*2"), ("BrCCl", "CH2BrCl"),
  ])
  func formulaNamesCarbonAndHydrogenFirst(_ smiles: String, _ formula: String) throws {
    #expect(try SMILESReader.read(smiles).formula == formula)
  }

  @Test func countsDescribeTheWholeMolecule() throws {
    let graph = try SMILESReader.read("[2H]C1CC1.[Na+].[Cl-].[Ca+2]")
    #expect(graph.heavyAtomCount == 6)
    #expect(graph.fragmentCount == 4)
    #expect(graph.totalCharge == 2)
    #expect(graph.ringCount == 1)
  }
}
