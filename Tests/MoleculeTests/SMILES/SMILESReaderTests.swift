import Molecule
import Testing

struct SMILESReaderTests {
  /// One grammar case: text, atoms, bonds, formula.
  struct Case: Sendable, CustomTestStringConvertible {
    let smiles: String
    let atoms: Int
    let bonds: Int
    let formula: String
    var testDescription: String { smiles }

    init(_ smiles: String, _ atoms: Int, _ bonds: Int, _ formula: String) {
      (self.smiles, self.atoms, self.bonds, self.formula) = (smiles, atoms, bonds, formula)
    }
  }

  @Test(arguments: [
    Case("C", 1, 0, "CH4"), Case("BCNOPSF", 7, 6, "CH6BFNOPS"), Case("ClBr", 2, 1, "BrCl"),
    Case("IC", 2, 1, "CH3I"),
    Case("[Cl-].[Na+]", 2, 0, "ClNa"), Case("[2H]C", 2, 1, "CH4"), Case("*C", 2, 1, "CH3*"),
    Case("C-C=CC#C", 5, 4, "C5H6"), Case("[Re]$[Re]", 2, 1, "Re2"), Case("C1CC1", 3, 3, "C3H6"),
    Case("C%12CC%12", 3, 3, "C3H6"), Case("C%(123)CC%(123)", 3, 3, "C3H6"),
    Case("C%01CC1", 3, 3, "C3H6"), Case("C12CC1C2", 4, 5, "C4H6"), Case("C(C)(C)C", 4, 3, "C4H10"),
    Case("C(CC(C)C)C", 6, 5, "C6H14"), Case("C(.C)C", 3, 1, "C3H10"),
    Case("C1.C1", 2, 1, "C2H6"), Case("C=1CC1", 3, 3, "C3H4"), Case("C1CC=1", 3, 3, "C3H4"),
    Case("C=1CC=1", 3, 3, "C3H4"), Case("c1ccccc1", 6, 6, "C6H6"),
    Case("C1:C:C:C:C:C1", 6, 6, "C6H6"), Case("[se]1cccc1", 5, 5, "C4H4Se"),
    Case("[te]1cccc1", 5, 5, "C4H4Te"), Case("[Fe++]", 1, 0, "Fe+2"),
    Case("[Fe+3]", 1, 0, "Fe+3"), Case("[O--]", 1, 0, "O-2"), Case("[CH3:7]C", 2, 1, "C2H6"),
    Case("[NH3]->[Cu+2]", 2, 1, "H3CuN+2"), Case("[Cu+2]<-[NH3]", 2, 1, "H3CuN+2"),
    Case("[Og]", 1, 0, "Og"), Case("[cH]1[cH][cH][cH][cH][cH]1", 6, 6, "C6H6"),
    Case("F/C=C/F", 4, 3, "C2H2F2"), Case("C(C)1CC1", 4, 4, "C4H8"),
  ])
  func readsTheGrammar(_ example: Case) throws {
    let graph = try SMILESReader.read(example.smiles)
    #expect(graph.atoms.count == example.atoms)
    #expect(graph.bonds.count == example.bonds)
    #expect(graph.formula == example.formula)
  }

  @Test(arguments: 1...118)
  func everyElementReadsInABracket(_ number: Int) throws {
    let symbol = Element(number: UInt8(number)).symbol
    let graph = try SMILESReader.read("[\(symbol)]")
    #expect(graph.atoms.map(\.element.number) == [UInt8(number)])
    #expect(graph.atoms[0].hydrogens == 0)
  }

  @Test(arguments: [
    ("R", "*"), ("[R]", "*"), ("C[R]", "*C"), ("RC", "*C"), ("[R1]", "[1*]"), ("[R12]C", "[12*]C"),
    ("[R999]", "[999*]"), ("C[R2+]", "C[2*+]"), ("Rc1ccccc1", "*c1ccccc1"), ("[Rb]", "[Rb]"),
    ("[#6]", "[C]"), ("C[#7H]", "C[NH]"), ("[13#6H4]", "[13CH4]"), ("[#0]C", "*C"),
    ("C1=nC=CC=C1", "c1ccncc1"), ("C1=[o+]C=CC=C1", "c1cc[o+]cc1"),
    ("C1=[nH]C=CC=C1", "c1ccncc1"), ("C1CC[nH](C)CC1", "C1CCN(C)CC1"),
    ("C1=sC=CC=C1", "C1=CC=[SH]C=C1"),
    ("C1=CC=[te](C)C1", "C[Te]1=CC=CC1"), ("C1CCp(=O)CC1", "O=[PH]1CCCCC1"),
    ("C1CCs(C)C1", "C[SH]1CCCC1"),
    ("C1:C:C:C:S1", "c1ccsc1"), ("NC1=NC=CS:1", "Nc1nccs1"), ("C1CC:NC1", "C1CC=NC1"),
    ("C1CCnCC1", "C1CCNCC1"), ("c1=c-c=c-c=c-1", "c1ccccc1"), ("*:c1ccccc1", "*c1ccccc1"),
    ("c1ccccc1:c1ccccc1", "c1ccccc1-c1ccccc1"), ("C1=C[Al]=CC=C1", "C1=C[Al]=CC=C1"),
    ("F/C=C/1.Cl\\1", "F/C=C/Cl"), ("F/C=C1.Cl\\1", "F/C=C/Cl"), ("F/C=C-1.Cl\\1", "F/C=C/Cl"),
  ])
  func spellingsOfRealFilesMeanTheUsualOnes(_ odd: String, _ usual: String) throws {
    let graph = try SMILESReader.read(odd)
    #expect(graph.canonicalSMILES() == (try SMILESReader.read(usual).canonicalSMILES()))
    #expect(
      try SMILESReader.read(graph.canonicalSMILES()).canonicalSMILES()
        == graph.canonicalSMILES())
  }

  @Test func bracketPartsAreKept() throws {
    let atom = try #require(try SMILESReader.read("[15NH2-:42]").atoms.first)
    #expect(atom.isotope == 15)
    #expect(atom.hydrogens == 2)
    #expect(atom.charge == -1)
    #expect(atom.atomClass == 42)
    #expect(atom.isBracket)
  }

  @Test(arguments: [
    ("N[C@](C)(F)O", Chirality.Shape.tetrahedral, 1), ("N[C@@](C)(F)O", .tetrahedral, 2),
    ("N[C@TH2](C)(F)O", .tetrahedral, 2), ("NC(F)=[C@AL2]=C(F)N", .allene, 2),
    ("NC(F)=[C@]=C(F)N", .allene, 1), ("F[Pt@SP3](Cl)(Br)I", .squarePlanar, 3),
    ("S[As@TB15](F)(Cl)(Br)N", .trigonalBipyramidal, 15),
    ("C[Co@OH30](F)(Cl)(Br)(I)S", .octahedral, 30), ("C[Co@@](F)(Cl)(Br)(I)S", .octahedral, 2),
    ("S[As@](F)(Cl)(Br)N", .trigonalBipyramidal, 1),
  ])
  func stereoClassesAreKept(_ smiles: String, _ shape: Chirality.Shape, _ arrangement: Int) throws {
    let marks = try SMILESReader.read(smiles).atoms.map(\.chirality).filter { $0 != .none }
    #expect(marks.map(\.shape) == [shape])
    #expect(marks.map(\.arrangement) == [UInt8(arrangement)])
  }

  @Test func neighborsStandInTextOrderWithRingClosuresAtTheirDigit() throws {
    let graph = try SMILESReader.read("C1(F)NC1")
    let neighbors = graph.neighborRange(0).map { graph.neighborAtoms[$0] }
    #expect(neighbors == [3, 1, 2])
  }

  @Test func bytesAndStringsReadAlike() throws {
    let text = "CC(=O)Oc1ccccc1C(=O)O"
    #expect(try SMILESReader.read(text) == SMILESReader.read(Array(text.utf8)))
  }

  @Test(arguments: [
    "million in a row", "nested branches", "wide star", "ladder", "open branches", "one big ring",
  ])
  func hugeInputsTakeLinearTime(_ shape: String) throws {
    let count = 100_000
    switch shape {
    case "million in a row":
      let graph = try SMILESReader.read(String(repeating: "C", count: 10 * count))
      #expect(graph.atoms.count == 10 * count)
    case "nested branches":
      let text = String(repeating: "C(", count: count) + "C" + String(repeating: ")", count: count)
      #expect(try SMILESReader.read(text).atoms.count == count + 1)
    case "wide star":
      #expect(
        try SMILESReader.read("*" + String(repeating: "(C)", count: count)).degree(0) == count)
    case "ladder":
      let graph = try SMILESReader.read(Self.ladder(atoms: count))
      #expect(graph.ringCount == count / 2 - 1)
      #expect(graph.rings.count == count / 2 - 1)
    case "one big ring":
      let text = "C1" + String(repeating: "C", count: count - 2) + "C1"
      #expect(try SMILESReader.read(text).rings.size(0) == count)
    default:
      #expect(throws: SMILESError(reason: .unclosedBranch, offset: 2 * count - 1)) {
        try SMILESReader.read(String(repeating: "C(", count: count))
      }
    }
  }

  /// Squares in a row, written boustrophedon with two ring digits.
  static func ladder(atoms: Int) -> String {
    var text = ""
    for index in 0..<atoms {
      text += "C"
      if index % 2 == 0, index <= atoms - 4 {
        text += (index / 2) % 2 == 0 ? "1" : "2"
      } else if index % 2 == 1, index >= 3 {
        text += ((index - 3) / 2) % 2 == 0 ? "1" : "2"
      }
    }
    return text
  }
}
