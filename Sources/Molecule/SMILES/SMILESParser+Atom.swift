extension SMILESParser {
  /// `organic_symbol ::= 'B' | 'C' | 'N' | … | 'b' | 'c' | 'n' | 'o' | 'p' | 's' | '*'`, and `R`.
  mutating func readOrganicAtom() throws(SMILESError) -> Atom {
    let offset = position
    let byte = bytes[position]
    var number: UInt8
    var isAromatic = false
    switch byte {
    case UInt8(ascii: "*"), UInt8(ascii: "R"): number = 0
    case UInt8(ascii: "B"): number = 5
    case UInt8(ascii: "C"): number = 6
    case UInt8(ascii: "N"): number = 7
    case UInt8(ascii: "O"): number = 8
    case UInt8(ascii: "F"): number = 9
    case UInt8(ascii: "P"): number = 15
    case UInt8(ascii: "S"): number = 16
    case UInt8(ascii: "I"): number = 53
    case UInt8(ascii: "b"): (number, isAromatic) = (5, true)
    case UInt8(ascii: "c"): (number, isAromatic) = (6, true)
    case UInt8(ascii: "n"): (number, isAromatic) = (7, true)
    case UInt8(ascii: "o"): (number, isAromatic) = (8, true)
    case UInt8(ascii: "p"): (number, isAromatic) = (15, true)
    case UInt8(ascii: "s"): (number, isAromatic) = (16, true)
    default: throw unexpected(at: position, expected: expectation)
    }
    position += 1
    let second = self.byte(at: position)
    if byte == UInt8(ascii: "C"), second == UInt8(ascii: "l") {
      number = 17
      position += 1
    } else if byte == UInt8(ascii: "B"), second == UInt8(ascii: "r") {
      number = 35
      position += 1
    }
    var atom = Atom(element: Element(number: number))
    atom.isAromatic = isAromatic
    atom.offset = Int32(offset)
    return atom
  }

  private var expectation: String {
    switch last {
    case .start, .dot: "an atom"
    case .bond: "an atom or a ring digit"
    case .open: "an atom, a bond or a dot"
    case .atom, .close: "an atom, a bond, a ring digit, a branch or a dot"
    }
  }

  /// `bracket_atom ::= '[' isotope? symbol chiral? hcount? charge? class? ']'`.
  mutating func readBracketAtom() throws(SMILESError) -> Atom {
    let offset = position
    position += 1
    let isotope = try readNumber(what: "the isotope", limit: 9999) ?? 0
    let (element, isAromatic) = try readBracketSymbol()
    var atom = Atom(element: element)
    atom.isAromatic = isAromatic
    atom.isBracket = true
    atom.offset = Int32(offset)
    atom.isotope = UInt16(isotope)
    if element == .wildcard, isotope == 0, bytes[position - 1] == UInt8(ascii: "R") {
      atom.isotope = UInt16(try readNumber(what: "the R number", limit: 999) ?? 0)
    }
    atom.chirality = try readChirality()
    if byte(at: position) == UInt8(ascii: "H") {
      position += 1
      let count = try readNumber(what: "the hydrogen count", limit: 99)
      atom.explicitHydrogens = UInt8(count ?? 1)
    }
    atom.charge = try readCharge()
    if byte(at: position) == UInt8(ascii: ":") {
      position += 1
      let number = try readNumber(what: "the atom class", limit: 999_999_999)
      guard let number else { throw unexpected(at: position, expected: "an atom class") }
      atom.atomClass = UInt32(number)
    }
    guard byte(at: position) == UInt8(ascii: "]") else {
      throw unexpected(at: position, expected: "']' or another part of the bracket atom")
    }
    position += 1
    return atom
  }

  /// `symbol ::= element_symbols | aromatic_symbols | '*'`, and `R`, `#n`.
  private mutating func readBracketSymbol() throws(SMILESError) -> (Element, isAromatic: Bool) {
    let first = byte(at: position)
    let second = byte(at: position + 1)
    let isLower = second >= 97 && second <= 122
    if first == UInt8(ascii: "*") {
      position += 1
      return (.wildcard, false)
    }
    if first == UInt8(ascii: "R"), !isLower {
      position += 1
      return (.wildcard, false)
    }
    if first == UInt8(ascii: "#") {
      position += 1
      let number = try readNumber(what: "the atomic number", limit: 118)
      guard let number else { throw unexpected(at: position, expected: "an atomic number") }
      return (Element(number: UInt8(number)), false)
    }
    if first >= 65, first <= 90 {
      guard let element = Element.find(first: first, second: isLower ? second : 0) else {
        throw SMILESError(
          reason: .unknownElement(symbol(length: isLower ? 2 : 1)), offset: position)
      }
      position += isLower ? 2 : 1
      return (element, false)
    }
    guard first >= 97, first <= 122 else {
      throw unexpected(at: position, expected: "an element symbol")
    }
    let found =
      isLower
      ? Element.find(first: first - 32, second: second)
      : Element.find(first: first - 32, second: 0)
    guard let found, Self.aromaticNumbers.contains(found.number) else {
      throw SMILESError(
        reason: .unknownElement(symbol(length: isLower ? 2 : 1)), offset: position)
    }
    position += isLower ? 2 : 1
    return (found, true)
  }

  private static let aromaticNumbers: [UInt8] = [6, 7, 8, 16, 15, 5, 34, 33, 52, 14]

  private borrowing func symbol(length: Int) -> String {
    String(decoding: bytes[position..<min(position + length, bytes.count)], as: UTF8.self)
  }

  /// `chiral ::= '@' | '@@' | '@TH1' … '@OH30'`.
  private mutating func readChirality() throws(SMILESError) -> Chirality {
    guard byte(at: position) == UInt8(ascii: "@") else { return .none }
    let start = position
    position += 1
    let (first, second) = (byte(at: position), byte(at: position + 1))
    let shape: Chirality.Shape
    let limit: Int
    switch (first, second) {
    case (UInt8(ascii: "@"), _):
      position += 1
      return Chirality(shape: .tetrahedral, arrangement: 2)
    case (UInt8(ascii: "T"), UInt8(ascii: "H")): (shape, limit) = (.tetrahedral, 2)
    case (UInt8(ascii: "A"), UInt8(ascii: "L")): (shape, limit) = (.allene, 2)
    case (UInt8(ascii: "S"), UInt8(ascii: "P")): (shape, limit) = (.squarePlanar, 3)
    case (UInt8(ascii: "T"), UInt8(ascii: "B")): (shape, limit) = (.trigonalBipyramidal, 20)
    case (UInt8(ascii: "O"), UInt8(ascii: "H")): (shape, limit) = (.octahedral, 30)
    default: return Chirality(shape: .tetrahedral, arrangement: 1)
    }
    let name = symbol(length: 2)
    position += 2
    let number = try readNumber(what: "the stereo arrangement", limit: 99)
    guard let number else { throw unexpected(at: position, expected: "a number after @\(name)") }
    guard number >= 1, number <= limit else {
      throw SMILESError(
        reason: .unknownArrangement(shape: name, number: number, limit: limit), offset: start)
    }
    return Chirality(shape: shape, arrangement: UInt8(number))
  }

  /// `charge ::= ('+' | '-')+ | ('+' | '-') DIGIT+`.
  private mutating func readCharge() throws(SMILESError) -> Int8 {
    let sign = byte(at: position)
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return 0 }
    let start = position
    position += 1
    var size = 1
    if let number = try readNumber(what: "the charge", limit: 99) {
      size = number
    } else {
      while byte(at: position) == sign {
        size += 1
        position += 1
      }
    }
    guard size <= 99 else {
      throw SMILESError(reason: .numberOutOfRange(what: "the charge", limit: 99), offset: start)
    }
    return sign == UInt8(ascii: "+") ? Int8(size) : -Int8(size)
  }
}
