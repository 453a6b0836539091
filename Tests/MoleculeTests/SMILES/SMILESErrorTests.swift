import Molecule
import Testing

struct SMILESErrorTests {
  static let afterAtom = "an atom, a bond, a ring digit, a branch or a dot"

  @Test(arguments: [
    ("", SMILESError.Reason.empty, 0),
    ("C1CC", .unclosedRing(number: 1), 1),
    ("CC%12CC2", .unclosedRing(number: 12), 2),
    ("C1C2CC", .unclosedRing(number: 1), 1),
    ("C%(123)C", .unclosedRing(number: 123), 1),
    ("C=1CCC#1", .conflictingRingBond(number: 1), 7),
    ("C-1CCC=1", .conflictingRingBond(number: 1), 7),
    ("C11", .ringToSameAtom(number: 1), 2),
    ("C12CC12", .duplicateBond, 6),
    ("C1C1", .duplicateBond, 3),
    ("C(C", .unclosedBranch, 1),
    ("C(", .unclosedBranch, 1),
    ("CC)", .unopenedBranch, 2),
    (")", .unopenedBranch, 0),
    ("C()C", .emptyBranch, 1),
    ("C=", .danglingBond, 1),
    ("C(=)C", .danglingBond, 2),
    ("C=.C", .danglingBond, 1),
    ("C#", .danglingBond, 1),
    ("C==C", .unexpectedByte(0x3d, expected: "an atom or a ring digit"), 2),
    ("=C", .unexpectedByte(0x3d, expected: "an atom"), 0),
    (".C", .unexpectedByte(0x2e, expected: "an atom"), 0),
    ("C..C", .unexpectedByte(0x2e, expected: "an atom"), 2),
    ("C.", .unexpectedEnd(expected: "an atom"), 2),
    ("C.=C", .unexpectedByte(0x3d, expected: "an atom"), 2),
    ("(C)", .unexpectedByte(0x28, expected: "an atom"), 0),
    ("C((C))", .unexpectedByte(0x28, expected: "an atom, a bond or a dot"), 2),
    ("C(1CC1)", .unexpectedByte(0x31, expected: "an atom, a bond or a dot"), 2),
    ("1CC1", .unexpectedByte(0x31, expected: "an atom"), 0),
    ("CxC", .unexpectedByte(0x78, expected: afterAtom), 1),
    ("C C", .unexpectedByte(0x20, expected: afterAtom), 1),
    ("C\n", .unexpectedByte(0x0a, expected: afterAtom), 1),
    ("CÄ", .unexpectedByte(0xc3, expected: afterAtom), 1),
    ("C]", .unexpectedByte(0x5d, expected: afterAtom), 1),
    ("C%1", .unexpectedEnd(expected: "two digits after '%'"), 3),
    ("C%a1", .unexpectedByte(0x61, expected: "two digits after '%'"), 2),
    ("C%()", .unexpectedByte(0x29, expected: "a ring number"), 3),
    ("C%(12", .unexpectedEnd(expected: "')'"), 5),
    ("C%(123456)", .numberOutOfRange(what: "the ring number", limit: 99_999), 3),
    ("F/C=C\\1.Cl\\1", .conflictingRingBond(number: 1), 11),
    ("F/C=C/1.Cl/1", .conflictingRingBond(number: 1), 11),
    ("C:C", .aromaticBondOutsideRing, 1),
    ("CC:c1ncccn1", .aromaticBondOutsideRing, 2),
    ("O:C(=O)C1=CC=CC=C1", .aromaticBondOutsideRing, 1),
    ("[R1000]", .numberOutOfRange(what: "the R number", limit: 999), 2),
    ("[2R1]", .unexpectedByte(0x31, expected: "']' or another part of the bracket atom"), 3),
    ("[#119]", .numberOutOfRange(what: "the atomic number", limit: 118), 2),
    ("[#]", .unexpectedByte(0x5d, expected: "an atomic number"), 2),
    ("C~N", .unexpectedByte(0x7e, expected: afterAtom), 1),
    ("[Xx]", .unknownElement("Xx"), 1),
    ("[J]", .unknownElement("J"), 1),
    ("[cl]", .unknownElement("cl"), 1),
    ("[f]", .unknownElement("f"), 1),
    ("[]", .unexpectedByte(0x5d, expected: "an element symbol"), 1),
    ("[", .unexpectedEnd(expected: "an element symbol"), 1),
    ("[12", .unexpectedEnd(expected: "an element symbol"), 3),
    ("[C", .unexpectedEnd(expected: "']' or another part of the bracket atom"), 2),
    ("[C+-]", .unexpectedByte(0x2d, expected: "']' or another part of the bracket atom"), 3),
    ("[C+100]", .numberOutOfRange(what: "the charge", limit: 99), 3),
    ("[CH100]", .numberOutOfRange(what: "the hydrogen count", limit: 99), 3),
    ("[99999C]", .numberOutOfRange(what: "the isotope", limit: 9999), 1),
    ("[C:]", .unexpectedByte(0x5d, expected: "an atom class"), 3),
    ("[C:9999999999]", .numberOutOfRange(what: "the atom class", limit: 999_999_999), 3),
    ("C[C@TH3](F)(Cl)Br", .unknownArrangement(shape: "TH", number: 3, limit: 2), 3),
    ("C[C@OH31](F)(Cl)Br", .unknownArrangement(shape: "OH", number: 31, limit: 30), 3),
    ("C[C@SP](F)(Cl)Br", .unexpectedByte(0x5d, expected: "a number after @SP"), 6),
    ("c1cccc1", .cannotKekulize, 2),
    ("Cn1ccccc1", .cannotKekulize, 3),
    ("cc", .aromaticAtomOutsideRing, 0), ("c1cc->ccc1", .aromaticAtomOutsideRing, 0),
    ("c<-1ccccc1", .aromaticAtomOutsideRing, 0),
    ("C1CC[s+]CC1", .cannotKekulize, 4), ("C1CC[n+]CC1", .cannotKekulize, 4),
    ("C1CC[n]CC1", .cannotKekulize, 4), ("C1CC[o+]CC1", .cannotKekulize, 4),
    ("C1CC[b-]CC1", .cannotKekulize, 4), ("C1CC[siH]CC1", .cannotKekulize, 4),
    ("C1CC[si]CC1", .cannotKekulize, 4), ("C1CC[te+]CC1", .cannotKekulize, 4),
    ("C1CC[as]CC1", .cannotKekulize, 4), ("C1CC[cH]CC1", .cannotKekulize, 4),
    ("C1CC[c-]CC1", .cannotKekulize, 4), ("C1CC[c+]CC1", .cannotKekulize, 4),
    ("C1=C[b-]=CC=C1", .cannotKekulize, 4),
    ("Cc", .aromaticAtomOutsideRing, 1),
  ])
  func malformedInputNamesItsPlace(
    _ smiles: String, _ reason: SMILESError.Reason, _ offset: Int
  ) {
    #expect(throws: SMILESError(reason: reason, offset: offset)) {
      try SMILESReader.read(smiles)
    }
  }

  @Test func descriptionsAreSentences() {
    let ring = SMILESError(reason: .unclosedRing(number: 7), offset: 3)
    #expect(ring.description == "byte 3: ring 7 is opened here and never closed")
    let byte = SMILESError(reason: .unexpectedByte(0x78, expected: "an atom"), offset: 0)
    #expect(byte.description == "byte 0: found 'x', expected an atom")
    let wide = SMILESError(reason: .unexpectedByte(0xc3, expected: "an atom"), offset: 1)
    #expect(wide.description == "byte 1: found a byte outside ASCII (195), expected an atom")
  }

  @Test func everyTruncationAndByteSwapIsReadOrRefused() {
    let text = Array(
      "C[C@H](N)C(=O)N1CCC[C@@H]1c1[nH]c2ccc%10cc2c1%10.[Na+].F/C=C\\[13CH2-:3]".utf8)
    for length in 0...text.count { _ = try? SMILESReader.read(Array(text[..<length])) }
    for index in text.indices {
      for byte in Array("C1(=.[]%@+-/:)cH0 ".utf8) + [0, 0xff] {
        var changed = text
        changed[index] = byte
        do {
          _ = try SMILESReader.read(changed)
        } catch {
          #expect(error.offset <= changed.count, "\(error)")
        }
      }
    }
  }
}
