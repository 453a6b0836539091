import Molecule
import Testing

struct CIPLabelsTests {
  /// The labels of the atoms in their order, and of the bonds.
  private static func words(_ smiles: String) throws -> String {
    let labels = try SMILESReader.read(smiles).cipLabels()
    return (labels.atoms + labels.bonds).compactMap { $0?.rawValue }.joined()
  }

  @Test(arguments: [
    ("N[C@@H](C)C(=O)O", "S"), ("OC[C@@H](O)C=O", "R"), ("F/C=C/F", "E"), ("F/C=C\\F", "Z"),
    // Rule 1b: the duplicate nearer to the centre.
    ("C1CC1[C@](O)(F)C(C)C", "R"),
    // Rule 2: deuterium before hydrogen.
    ("[2H][C@H](C)O", "R"),
    // Rule 4c and 5: a pseudo-asymmetric centre between R and S.
    ("C[C@H](O)[C@](F)(Cl)[C@@H](C)O", "SsR"),
    // Rule 6, or more often Rule 5, in rings.
    ("C[C@H]1CC[C@H](C)CC1", "rr"),
    // One end told apart by R and S alone.
    ("C[C@H](O)/C(C)=C(/[C@@H](C)O)[C@H](C)O", "SRSe"),
  ])
  func rulesGiveTheirLabels(_ smiles: String, expected: String) throws {
    #expect(try Self.words(smiles) == expected)
  }

  @Test(arguments: [
    "CCO", "C", "[H][H]", "C[C@H](C)O", "CC(F)=[C@]=C(C)Cl", "F[Pt@SP1](Cl)(Br)I",
    "S[Co@OH1](F)(Cl)(Br)(I)N",
  ])
  func withoutACentreThereIsNoLabel(_ smiles: String) throws {
    let labels = try SMILESReader.read(smiles).cipLabels()
    #expect(labels.isEmpty && labels.atom(0) == nil && !labels.isLimitReached)
  }

  @Test func mirrorImagesExchangeCapitalLettersOnly() throws {
    for smiles in [
      "C[C@H](O)[C@](F)(Cl)[C@@H](C)O", "C[C@H](O)/C=C(/[C@@H](C)O)C",
      "F[C@H]1C[C@](C)(C1)[C@@H](O)C", "OC1[C@H](O)[C@@H](O)C([C@@H]1O)O",
    ] {
      let mirror = smiles.replacing("@@", with: "?").replacing("@", with: "@@")
        .replacing("?", with: "@")
      let exchanged = try Self.words(smiles).map { $0 == "R" ? "S" : $0 == "S" ? "R" : $0 }
      #expect(try Self.words(mirror) == String(exchanged), "\(smiles)")
    }
  }

  @Test func manyPathsEndAtTheWorkLimit() throws {
    // A ladder of fused rings: paths between its ends double with every rung.
    let rungs = 40
    var smiles = "[C@H]1(F)"
    for rung in 0..<rungs { smiles += "C%\(10 + rung)" }
    smiles += "C[C@H](F)"
    for rung in (0..<rungs).reversed() { smiles += "C%\(10 + rung)" }
    smiles += "C1"
    let labels = try SMILESReader.read(smiles).cipLabels()
    #expect(labels.isLimitReached || !labels.atoms.isEmpty)
  }

  @Test func longChainsAreLabelledOrFlagged() throws {
    let arm = String(repeating: "C", count: 20_000)
    let labels = try SMILESReader.read("\(arm)[C@](F)(Cl)\(arm)C").cipLabels()
    #expect(labels.isLimitReached || labels.atom(20_000) != nil)
    let branched = String(repeating: "C(C)(C)", count: 3_000)
    let tied = try SMILESReader.read("C\(branched)[C@](F)(Cl)\(branched)CC").cipLabels()
    #expect(tied.isLimitReached || tied.atom(9_001) != nil)
  }
}
