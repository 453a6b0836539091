import Molecule
import Tensor
import Testing

struct ChargeSeparationTests {
  @Test(arguments: [
    ("CN(=O)=O", "C[N+](=O)[O-]"), ("CN=N#N", "CN=[N+]=[N-]"), ("O=n1ccccc1", "[O-][n+]1ccccc1"),
    ("OCl(=O)(=O)=O", "O[Cl+3]([O-])([O-])[O-]"), ("C=P(=O)C", "C=[P+]([O-])C"),
    ("[H]C([H])([H])[H]", "C"), ("[H]N1C=CC=C1", "c1cc[nH]c1"),
    ("[H][C@](N)(C)C(=O)O", "N[C@@H](C)C(=O)O"), ("[H]/C(C)=C/C", "C/C=C\\C"),
    ("[NH3][Pt](Cl)Cl", "[NH3]->[Pt](Cl)Cl"), ("[N]1(=CC=CC=C1)[Cu]", "n1(ccccc1)->[Cu]"),
  ])
  func spellingsOfOneSpeciesBecomeOneGraph(_ left: String, _ right: String) throws {
    let (one, other) = (try SMILESReader.read(left), try SMILESReader.read(right))
    #expect(one.formula == other.formula)
    #expect(MolecularFingerprint.counts(of: one) == MolecularFingerprint.counts(of: other))
  }
}
