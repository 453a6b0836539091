import Molecule
import Testing

/// CXSMILES extensions; the molecules are those that RDKit 2026.09.1 reads.
struct ExtensionTailTests {
  private func canonical(_ line: String) throws(SMILESError) -> String {
    try SMILESReader.read(line: Array(line.utf8)).graph.canonicalSMILES()
  }

  @Test(arguments: [
    ("CC |^1:0|", "[CH2]C"), ("CC |^1:0,1|", "[CH2][CH2]"), ("CC |^1:0,^2:1|", "[CH2][CH]"),
    ("C |^5:0|", "[CH]"), ("N |^2:0|", "[NH]"), ("O |^3:0|", "[O]"), ("[CH3]C |^1:0|", "CC"),
    ("c1ccccc1 |^1:0|", "[c]1ccccc1"), ("[H]C([H])C |^1:1|", "[CH2]C"),
    ("CC=CC |c:1|", "C/C=C\\C"), ("CC=CC |t:1|", "C/C=C/C"), ("C/C=C/C |c:1|", "C/C=C\\C"),
    ("C/C=C/C |ctu:1|", "CC=CC"), ("CC=CC |c:0|", "CC=CC"), ("CC=C(C)C |t:1|", "CC=C(C)C"),
    ("FC(Cl)=C(Br)I |c:2|", "F/C(Cl)=C(\\Br)I"), ("CC=CC=CC |c:1,t:3|", "C/C=C\\C=C\\C"),
    ("C1CCCCCCCC=C1 |t:8|", "C1=C/CCCCCCCC/1"), ("C1CCCCC=C1 |c:5|", "C1=CCCCCC1"),
    ("O[Fe] |C:0.0|", "[OH2]->[Fe]"), ("[Fe]O |C:1.0|", "[OH2]->[Fe]"),
    ("CO[Fe] |C:1.1|", "C[OH]->[Fe]"), ("O[Fe]Cl |C:0.0,2.1|", "[OH2]->[Fe]<-[ClH]"),
    ("*C |$R1;$|", "[1*]C"), ("*C |$_R12;$,^1:1|", "[12*][CH2]"), ("*C |$_AP1;$|", "*C"),
    ("CC |$R1;$|", "CC"), ("CC ||", "CC"), ("CC |r|", "CC"), ("CC |$;;$|", "CC"),
    ("CC(F)Cl |wU:1.0,(0,0,;1,0,;1,1,;2,0,)|", "CC(F)Cl"), ("CC |atomProp:0.foo.bar|", "CC"),
    ("CC |Sg:n:0,1:1:ht,^1:0|", "[CH2]C"),
    ("C[C@H](O)[C@H](F)Cl |o1:1,&2:3|", "C[C@H](O)[C@H](F)Cl"),
  ])
  func partsThatAGraphHoldsAreRead(_ line: String, _ expected: String) throws {
    #expect(try canonical(line) == SMILESReader.read(expected).canonicalSMILES())
  }

  @Test func theNameStandsBehindTheExtension() throws {
    let line = Array("CC |^1:0| ethyl radical".utf8)
    #expect(
      String(decoding: try SMILESReader.read(line: line).name, as: UTF8.self) == "ethyl radical")
  }

  @Test(arguments: [
    (
      "CC |open name",
      SMILESError.Reason.unexpectedEnd(expected: "'|' at the end of the extension"), 13
    ),
    ("CC |", .unexpectedEnd(expected: "'|' at the end of the extension"), 4),
    ("CC |foo|", .unexpectedByte(0x66, expected: "a part of the extension that is known"), 4),
    ("CC |^1:2|", .numberOutOfRange(what: "the atom number", limit: 1), 7),
    ("CC |^1:|", .unexpectedByte(0x7c, expected: "a number"), 7),
    ("CC |c:7|", .numberOutOfRange(what: "the bond number", limit: 0), 6),
    ("CCC |C:0.1|", .foreignBond(atom: 0, bond: 1), 7),
    ("CC |H:0.0|", .unsupportedExtension("hydrogen bonds"), 4),
    ("CC |$a;b|", .unexpectedByte(0x7c, expected: "'$' at the end of the labels"), 8),
    ("CC |(0,0|", .unexpectedByte(0x7c, expected: "')'"), 8),
    ("  C1C |^1:0|", .unclosedRing(number: 1), 3), ("\tname", .empty, 0),
  ])
  func mistakesHaveTheirPlaceInTheLine(
    _ line: String, _ reason: SMILESError.Reason, _ offset: Int
  ) throws {
    #expect(throws: SMILESError(reason: reason, offset: offset)) { try canonical(line) }
  }
}
