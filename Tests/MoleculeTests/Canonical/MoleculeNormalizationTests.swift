import Molecule
import Testing

struct MoleculeNormalizationTests {
  /// Expected results are those of RDKit's LargestFragmentChooser and Uncharger.
  @Test(
    arguments: [
      ("CC(=O)[O-].[Na+]", MoleculeNormalization.largestFragment, "CC(=O)[O-]"),
      ("CC(=O)[O-].[Na+]", [.largestFragment, .neutralize], "CC(=O)O"),
      ("C[NH3+].[Cl-]", .largestFragment, "C[NH3+]"), ("C[NH3+]", .neutralize, "CN"),
      ("C[N+](=O)[O-]", .neutralize, "C[N+](=O)[O-]"),
      ("C[N+](C)(C)CC(=O)[O-]", .neutralize, "C[N+](C)(C)CC(=O)[O-]"),
      ("[NH3+]CC(=O)[O-]", .neutralize, "NCC(=O)O"), ("c1cc[nH+]cc1", .neutralize, "c1ccncc1"),
      ("[13CH3][C@H](N)O", .stripIsotopes, "C[C@H](N)O"),
      ("[13CH3][C@H](N)O", [.stripIsotopes, .stripStereo], "CC(N)O"),
      ("F/C=C/F", .stripStereo, "FC=CF"), ("[CH3:1]O", .stripAtomClasses, "CO"),
      ("[13CH3][C@H](N)O", [], "[13CH3][C@H](N)O"),
    ] as [(String, MoleculeNormalization, String)])
  func namedOptionsDoWhatTheySay(
    _ smiles: String, normalization: MoleculeNormalization, expected: String
  ) throws {
    let result = try SMILESReader.read(smiles).normalized(normalization)
    let wanted = try SMILESReader.read(expected)
    #expect(result.canonicalSMILES() == wanted.canonicalSMILES())
  }
}
