import Molecule
import Testing

struct ConnectionTableParserTests {
  private func v2000(_ atoms: [String], _ bonds: [String], _ properties: [String] = []) -> String {
    let counts = "\(pad(atoms.count))\(pad(bonds.count))  0  0  1  0  0  0  0  0999 V2000"
    let lines = atoms.enumerated().map { index, symbol in
      "    \(index).0000    0.0000    0.0000 " + symbol
    }
    return (["title", "", "comment", counts] + lines + bonds + properties + ["M  END"])
      .joined(separator: "\n")
  }

  private func pad(_ number: Int) -> String {
    String(repeating: " ", count: 3 - String(number).count) + String(number)
  }

  private func smiles(_ text: String) throws -> String {
    try MolfileReader.read(text).graph.canonicalSMILES()
  }

  @Test func headerAndFlagsAreKept() throws {
    let molfile = try MolfileReader.read(v2000(["C   0  0"], []))
    #expect(molfile.title == "title")
    #expect(molfile.comment == "comment")
    #expect(molfile.isChiral)
  }

  @Test func chargeCodesAndMassDifferencesCount() throws {
    #expect(try smiles(v2000(["N   0  3"], [])) == "[NH4+]")
    #expect(try smiles(v2000(["O   0  5"], [])) == "[OH-]")
    #expect(try smiles(v2000(["C   1  0"], [])) == "[13CH4]")
    #expect(try smiles(v2000(["D   0  0", "O   0  0"], ["  1  2  1  0"])) == "[2H]O")
  }

  @Test func chargeLinesReplaceChargeCodes() throws {
    let text = v2000(["N   0  3", "O   0  5"], [], ["M  CHG  1   2  -2"])
    #expect(try smiles(text) == "N.[O-2]")
  }

  @Test func radicalsIsotopesAndGroupsComeFromProperties() throws {
    #expect(try smiles(v2000(["C   0  0"], [], ["M  RAD  1   1   2"])) == "[CH3]")
    #expect(try smiles(v2000(["C   0  0"], [], ["M  RAD  1   1   3"])) == "[CH2]")
    #expect(try smiles(v2000(["C   0  0"], [], ["M  ISO  1   1  14"])) == "[14CH4]")
    let group = v2000(["R#  0  0", "C   0  0"], ["  1  2  1  0"], ["M  RGP  1   1   2"])
    #expect(try smiles(group) == "[2*]C")
  }

  @Test func statedValenceFixesHydrogens() throws {
    #expect(try smiles(v2000(["C   0  0  0  0  0 15"], [])) == "[C]")
    #expect(try smiles(v2000(["P   0  0  0  0  0  5"], [])) == "[PH5]")
  }

  @Test func textLinesAndForeignGroupsArePassedOver() throws {
    let text = v2000(
      ["C   0  0"], [],
      ["A    1", "CH4", "V    1 note", "S  SKP  1", "anything", "M  STY  1   1 SUP", "M  XYZ"])
    #expect(try smiles(text) == "C")
  }

  @Test func implicitHydrogenGroupCompletesAromaticNitrogen() throws {
    let ring = (1...5).map { "\(pad($0))\(pad($0 % 5 + 1))  4  0" }
    let atoms = ["N   0  0"] + [String](repeating: "C   0  0", count: 4)
    let group = [
      "M  STY  1   1 DAT", "M  SAL   1  1   1", "M  SDT   1 MRV_IMPLICIT_H",
      "M  SED   1 IMPL_H1",
    ]
    let pyrrole = try SMILESReader.read("c1cc[nH]c1").canonicalSMILES()
    #expect(try smiles(v2000(atoms, ring, group)) == pyrrole)
    #expect(throws: MolfileError.self) { try smiles(v2000(atoms, ring)) }
  }

  @Test func windowsLineEndsDoNotMatter() throws {
    let text = v2000(["C   0  0", "O   0  0"], ["  1  2  1  0"])
    #expect(try smiles(text.replacing("\n", with: "\r\n")) == "CO")
  }

  private static let v3000 = """
    title


      0  0  0     0  0            999 V3000
    M  V30 BEGIN CTAB
    M  V30 COUNTS 4 3 1 0 1
    M  V30 BEGIN ATOM
    M  V30 10 C 0 0 0 0 CFG=1
    M  V30 20 N 1.0 0.5 0 0 -
    M  V30 CHG=1 MASS=15
    M  V30 30 F -1.0 0.5 0 0
    M  V30 40 Cl 0 -1.0 0 0
    M  V30 END ATOM
    M  V30 BEGIN BOND
    M  V30 1 1 10 20 CFG=1
    M  V30 2 1 10 30
    M  V30 3 1 10 40
    M  V30 END BOND
    M  V30 BEGIN SGROUP
    M  V30 1 DAT 0 ATOMS=(1 10) FIELDNAME="a name" FIELDDATA="END SGROUP"
    M  V30 END SGROUP
    M  V30 BEGIN COLLECTION
    M  V30 MDLV30/STERAC2 ATOMS=(1 10)
    M  V30 MDLV30/HILITE ATOMS=(1 20)
    M  V30 END COLLECTION
    M  V30 END CTAB
    M  END
    """

  @Test func v3000ReadsNumbersContinuationsAndCollections() throws {
    let molfile = try MolfileReader.read(Self.v3000)
    let expected = try SMILESReader.read("[15NH3+][C@H](F)Cl")
    #expect(molfile.graph.canonicalSMILES() == expected.canonicalSMILES())
    #expect(molfile.isChiral)
    #expect(molfile.stereoGroups.map(\.kind) == [.racemic])
    #expect(molfile.stereoGroups.map(\.number) == [2])
    #expect(molfile.stereoGroups.map(\.atoms) == [[0]])
  }

  @Test(arguments: [
    ("COUNTS 4 3", "COUNTS 5 3"), ("1 1 10 20", "1 5 10 20"),
    ("10 40\n", "10 41\n"), ("10 C 0", "10 [C,N] 0"), ("M  V30 END BOND", "M  END"),
    ("20 N 1.0", "10 N 1.0"), ("CFG=1\nM  V30 2", "CFG=7\nM  V30 2"),
  ])
  func v3000MistakesAreRefused(from: String, to: String) {
    #expect(throws: MolfileError.self) {
      try MolfileReader.read(Self.v3000.replacing(from, with: to))
    }
  }
}
