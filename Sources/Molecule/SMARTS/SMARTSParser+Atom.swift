extension SMARTSParser {
  mutating func readAtom() throws(SMARTSError) -> Atom {
    guard let byte = peek() else { throw unexpected("an atom") }
    if byte == UInt8(ascii: "[") { return try readBracket() }
    position += 1
    switch byte {
    case UInt8(ascii: "*"): return Atom(expression: .any)
    case UInt8(ascii: "a"): return Atom(expression: .aromatic(true))
    case UInt8(ascii: "A"): return Atom(expression: .aromatic(false))
    case UInt8(ascii: "C") where peek() == UInt8(ascii: "l"): return aliphatic(17, extra: 1)
    case UInt8(ascii: "B") where peek() == UInt8(ascii: "r"): return aliphatic(35, extra: 1)
    case UInt8(ascii: "B"): return aliphatic(5)
    case UInt8(ascii: "C"): return aliphatic(6)
    case UInt8(ascii: "N"): return aliphatic(7)
    case UInt8(ascii: "O"): return aliphatic(8)
    case UInt8(ascii: "F"): return aliphatic(9)
    case UInt8(ascii: "P"): return aliphatic(15)
    case UInt8(ascii: "S"): return aliphatic(16)
    case UInt8(ascii: "I"): return aliphatic(53)
    default:
      guard let element = Self.aromaticElement(byte) else {
        position -= 1
        throw unexpected("an atom, a bond, a branch or a ring digit")
      }
      return Atom(expression: .all([.element(element), .aromatic(true)]))
    }
  }

  private mutating func aliphatic(_ number: UInt8, extra: Int = 0) -> Atom {
    position += extra
    return Atom(expression: .all([.element(number), .aromatic(false)]))
  }

  private static func aromaticElement(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "b"): 5
    case UInt8(ascii: "c"): 6
    case UInt8(ascii: "n"): 7
    case UInt8(ascii: "o"): 8
    case UInt8(ascii: "p"): 15
    case UInt8(ascii: "s"): 16
    default: nil
    }
  }

  /// `'[' expression (':' map)? ']'`, with `;` weaker than `,`, weaker than `&` and juxtaposition.
  private mutating func readBracket() throws(SMARTSError) -> Atom {
    let open = position
    position += 1
    var atom = Atom(expression: .any)
    var conjunction: [AtomExpression] = []
    while true {
      var alternatives: [AtomExpression] = []
      while true {
        var parts: [AtomExpression] = []
        repeat {
          if peek() == UInt8(ascii: "&") { position += 1 }
          parts.append(try readNegated(open: open))
        } while !endsTerm(peek())
        alternatives.append(parts.count == 1 ? parts[0] : .all(parts))
        guard peek() == UInt8(ascii: ",") else { break }
        position += 1
      }
      conjunction.append(alternatives.count == 1 ? alternatives[0] : .either(alternatives))
      guard peek() == UInt8(ascii: ";") else { break }
      position += 1
    }
    if peek() == UInt8(ascii: ":") {
      position += 1
      guard let map = try readNumber() else { throw unexpected("an atom map number") }
      atom.map = map
    }
    guard peek() == UInt8(ascii: "]") else { throw unexpected("']'") }
    position += 1
    atom.expression = conjunction.count == 1 ? conjunction[0] : .all(conjunction)
    return atom
  }

  private func endsTerm(_ byte: UInt8?) -> Bool {
    switch byte {
    case nil, UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"): true
    default: false
    }
  }

  private mutating func readNegated(open: Int) throws(SMARTSError) -> AtomExpression {
    var negations = 0
    while peek() == UInt8(ascii: "!") {
      negations += 1
      position += 1
    }
    let primitive = try readPrimitive(open: open)
    return negations % 2 == 1 ? .not(primitive) : primitive
  }

  private mutating func readPrimitive(open: Int) throws(SMARTSError) -> AtomExpression {
    guard let byte = peek() else { throw unexpected("an atom primitive") }
    if (48...57).contains(byte) { return .isotope(try readNumber() ?? 0) }
    if byte == UInt8(ascii: "H"), isHydrogenAtom(open: open) {
      position += 1
      return .element(1)
    }
    if let symbol = readElement() { return symbol }
    position += 1
    switch byte {
    case UInt8(ascii: "*"): return .any
    case UInt8(ascii: "a"): return .aromatic(true)
    case UInt8(ascii: "A"): return .aromatic(false)
    case UInt8(ascii: "#"):
      guard let number = try readNumber() else { throw unexpected("an atomic number") }
      guard number <= 118 else { throw unexpected("an atomic number up to 118") }
      return .element(UInt8(number))
    case UInt8(ascii: "D"): return try count(.degree, default: 1...1)
    case UInt8(ascii: "d"): return try count(.heavyDegree, default: 1...1)
    case UInt8(ascii: "H"): return try count(.hydrogens, default: 1...1)
    case UInt8(ascii: "h"): return try count(.implicitHydrogens, default: 1...Int.max)
    case UInt8(ascii: "R"): return try count(.ringCount, default: 1...Int.max)
    case UInt8(ascii: "r"): return try count(.smallestRing, default: 1...Int.max)
    case UInt8(ascii: "k"): return try count(.ringOfSize, default: 1...Int.max)
    case UInt8(ascii: "x"): return try count(.ringBonds, default: 1...Int.max)
    case UInt8(ascii: "X"): return try count(.connections, default: 1...1)
    case UInt8(ascii: "v"): return try count(.valence, default: 1...1)
    case UInt8(ascii: "z"): return try count(.heteroNeighbors, default: 1...Int.max)
    case UInt8(ascii: "Z"): return try count(.aliphaticHeteroNeighbors, default: 1...Int.max)
    case UInt8(ascii: "^"): return try count(.hybridization, default: 1...1)
    case UInt8(ascii: "+"), UInt8(ascii: "-"): return try readCharge(byte)
    case UInt8(ascii: "@"): return try readChirality()
    case UInt8(ascii: "$"): return try readRecursive()
    default:
      position -= 1
      throw unexpected("an atom primitive")
    }
  }

  /// `[H]`, `[2H]`, `[H+]` and `[H:1]` are hydrogen atoms; anywhere else `H` counts hydrogens.
  private func isHydrogenAtom(open: Int) -> Bool {
    let before = bytes[open + 1..<position]
    guard before.allSatisfy({ (48...57).contains($0) }) else { return false }
    switch peek(1) {
    case UInt8(ascii: "]"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"): return true
    default: return false
    }
  }

  private mutating func readElement() -> AtomExpression? {
    guard let first = peek() else { return nil }
    let second = peek(1) ?? 0
    if (65...90).contains(first) {
      if (97...122).contains(second), let element = Element.find(first: first, second: second) {
        position += 2
        return .all([.element(element.number), .aromatic(false)])
      }
      // A, D, H, R, X and Z are primitives, not elements.
      let primitives = Array("ADHRXZ".utf8)
      guard !primitives.contains(first), let element = Element.find(first: first, second: 0) else {
        return nil
      }
      position += 1
      return .all([.element(element.number), .aromatic(false)])
    }
    let pair = [first, second]
    for (symbol, number) in [("se", 34), ("te", 52), ("as", 33), ("si", 14)] as [(String, UInt8)]
    where pair == Array(symbol.utf8) {
      position += 2
      return .all([.element(number), .aromatic(true)])
    }
    guard let number = Self.aromaticElement(first) else { return nil }
    position += 1
    return .all([.element(number), .aromatic(true)])
  }

  /// A number, a range `{low-high}`, `{low-}`, `{-high}`, or the default.
  private mutating func count(
    _ property: AtomProperty, default range: ClosedRange<Int>
  ) throws(SMARTSError) -> AtomExpression {
    if peek() == UInt8(ascii: "{") {
      position += 1
      let low = try readNumber()
      guard peek() == UInt8(ascii: "-") else { throw unexpected("'-' in a range") }
      position += 1
      let high = try readNumber()
      guard peek() == UInt8(ascii: "}"), low != nil || high != nil,
        low ?? 0 <= high ?? Int.max
      else { throw unexpected("a range such as {2-4}") }
      position += 1
      return .number(property, (low ?? 0)...(high ?? Int.max))
    }
    guard let number = try readNumber() else { return .number(property, range) }
    return .number(property, number...number)
  }

  private mutating func readCharge(_ sign: UInt8) throws(SMARTSError) -> AtomExpression {
    var size = 1
    if let number = try readNumber() {
      size = number
    } else {
      while peek() == sign {
        size += 1
        position += 1
      }
    }
    let charge = sign == UInt8(ascii: "+") ? size : -size
    return .number(.charge, charge...charge)
  }

  /// `@`, `@@`, each with `?` for "or unspecified".
  private mutating func readChirality() throws(SMARTSError) -> AtomExpression {
    var isPositive = true
    if peek() == UInt8(ascii: "@") {
      position += 1
      isPositive = false
    }
    guard peek() == UInt8(ascii: "?") else { return .chirality(isPositive) }
    position += 1
    return .any
  }

  private mutating func readRecursive() throws(SMARTSError) -> AtomExpression {
    guard peek() == UInt8(ascii: "(") else { throw unexpected("'(' after '$'") }
    guard depth < SMARTSPattern.maximumDepth else {
      throw SMARTSError(reason: .tooDeep(limit: SMARTSPattern.maximumDepth), offset: position - 1)
    }
    let start = position + 1
    var level = 0
    var close = position
    while close < end {
      if bytes[close] == UInt8(ascii: "(") { level += 1 }
      if bytes[close] == UInt8(ascii: ")") { level -= 1 }
      if level == 0 { break }
      close += 1
    }
    guard close < end else {
      throw SMARTSError(reason: .unbalancedBranch, offset: position)
    }
    nested.append(try SMARTSPattern(bytes: bytes, range: start..<close, depth: depth + 1))
    position = close + 1
    return .recursive(nested.count - 1)
  }
}
