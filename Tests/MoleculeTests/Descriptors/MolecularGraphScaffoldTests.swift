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

  /// Brackets, isotopes, charges, radicals and dative bonds, against RDKit 2026.09.1.
  @Test(arguments: [
    ("[CH2]1CCCCC1=[N]OC", "N=C1CCCCC1"), ("C1CCCCC1=[NH+]C", "[NH+]=C1CCCCC1"),
    ("C1CCCCC1=[15N]C", "[15N]=C1CCCCC1"), ("C1CCCCC1=[CH]C", "[CH]=C1CCCCC1"),
    ("C1CCCCC1=[C](C)[CH3]", "C=C1CCCCC1"), ("C1CCCCC1C(=[O])C1CCCCC1", "O=C(C1CCCCC1)C1CCCCC1"),
    ("Br[C]1CCCC[CH]1Br", "[CH]1CCCCC1"), ("C[C]1CCCCC1", "[CH]1CCCCC1"),
    ("[13CH]1(C)CCCCC1", "C1CC[13CH2]CC1"), ("C[N+]1(C)CCCCC1", "C1CC[NH2+]CC1"),
    ("[c]1([CH3])[cH][cH][cH][cH][cH]1", "c1ccccc1"),
    ("Cl[Pt@OH1](Cl)(Cl)(Cl)1[NH2][C@@H]2CCCC[C@H]2[NH2]1", "C1CCCCC1"),
    ("Cl[Pt](Cl)(Cl)<-n1ccccc1", "c1ccncc1"),
    ("Cl[Re]1<-n2cccc3ccc4cccn->1c4c32", "c1c[nH]c2c(c1)ccc1ccc[nH]c12"),
    ("c1ccn(->[Pt]<-n2ccccc2)cc1", "c1ccn(->[Pt]<-n2ccccc2)cc1"),
  ])
  func scaffoldOfOddSpellings(_ smiles: String, _ expected: String) throws {
    let scaffold = try SMILESReader.read(smiles).murckoScaffold().canonicalSMILES(.isotopes)
    #expect(
      try SMILESReader.read(scaffold).canonicalSMILES()
        == SMILESReader.read(expected).canonicalSMILES())
  }

  @Test func aMoleculeWithoutRingsHasAnEmptyScaffold() throws {
    #expect(try SMILESReader.read("CCCC(=O)O").murckoScaffold().atoms.isEmpty)
  }
}
