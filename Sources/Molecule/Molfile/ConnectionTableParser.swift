/// Reads the connection table of a molfile, V2000 or V3000.
struct ConnectionTableParser {
  /// Most atoms and most bonds that a table may announce.
  static let limit = 10_000_000

  var lines: MolfileLines
  var table = ConnectionTable()
  /// Position in the table of each atom number of V3000; empty while numbers run from 1.
  var atomNumbers: [Int: Int32] = [:]

  init(bytes: [UInt8]) {
    lines = MolfileLines(bytes: bytes)
  }

  /// Reads header, counts and table up to `M  END`.
  mutating func parse() throws(MolfileError) -> ConnectionTable {
    try lines.require("a molfile: its title")
    table.title = lines.text
    try lines.require("the second line of the header")
    let dimension = lines.trimmed(20..<22)
    table.isSpatial =
      dimension.count == 2 && lines.byte(20) == UInt8(ascii: "3") && lines.byte(21) | 32 == 100
    try lines.require("the third line of the header")
    table.comment = lines.text
    try lines.require("the counts line")
    try parseCounts()
    if !table.isSpatial { table.isSpatial = table.atoms.contains { $0.position.z != 0 } }
    return table
  }

  /// `aaabbblllfffcccsssxxxrrrpppiiimmmvvvvvv`.
  private mutating func parseCounts() throws(MolfileError) {
    guard lines.range.count >= 6 else { throw lines.bad(expected: "a counts line") }
    let atoms = try lines.integer(0..<3, "the number of atoms") ?? 0
    let bonds = try lines.integer(3..<6, "the number of bonds") ?? 0
    guard atoms >= 0, bonds >= 0 else {
      throw lines.bad(0..<6, .outOfRange, expected: "numbers of atoms and bonds")
    }
    let version = lines.trimmed(33..<39)
    switch String(decoding: lines.bytes[version], as: UTF8.self) {
    case "V3000":
      guard atoms == 0, bonds == 0 else {
        throw lines.bad(0..<6, expected: "no atoms and bonds in the counts line of V3000")
      }
      try parseV3000()
    case "V2000", "":
      let flag = lines.trimmed(12..<15)
      table.isChiral = DecimalText.integer(lines.bytes[flag]) == 1
      try parseV2000(atoms: atoms, bonds: bonds)
    default: throw lines.bad(33..<39, .unsupported, expected: "V2000 or V3000")
    }
  }

  /// What an atom symbol means: an element, a hydrogen isotope, a numbered or plain wildcard.
  func atom(symbol: ArraySlice<UInt8>) -> (element: Element, isotope: UInt16, isQuery: Bool)? {
    guard let first = symbol.first, symbol.count <= 3 else { return nil }
    var second = symbol.count > 1 ? symbol[symbol.startIndex + 1] : 0
    if symbol.count == 2, case 65...90 = second { second += 32 }
    if symbol.count <= 2, let element = Element.find(first: first, second: second),
      symbol.count == 1 || second >= 97
    {
      return (element, 0, false)
    }
    let text = String(decoding: symbol, as: UTF8.self)
    switch text {
    case "D": return (.hydrogen, 2, false)
    case "T": return (.hydrogen, 3, false)
    case "*", "A", "Q", "X", "M", "AH", "QH", "XH", "MH": return (.wildcard, 0, true)
    case "R", "R#", "LP", "Pol", "Mod": return (.wildcard, 0, false)
    default:
      guard first == UInt8(ascii: "R"), let number = DecimalText.integer(symbol.dropFirst()),
        number >= 0
      else { return nil }
      return (.wildcard, UInt16(number), false)
    }
  }

  /// The type of a bond; query types and others throw.
  func bondType(_ number: Int, _ columns: Range<Int>?) throws(MolfileError)
    -> ConnectionTable.BondType
  {
    if let type = UInt8(exactly: number).flatMap(ConnectionTable.BondType.init) { return type }
    let expected = "bond type 1, 2, 3, 4 or 9"
    let reason = (5...8).contains(number) ? MolfileError.Reason.query : .unsupported
    throw MolfileError(
      reason, line: lines.line, column: columns.map { $0.lowerBound + 1 },
      found: reason == .query ? "the query bond type \(number)" : "bond type \(number)",
      expected: expected)
  }

  /// The unpaired electrons of a radical code: singlet, doublet, triplet.
  func radicals(_ code: Int) throws(MolfileError) -> UInt8 {
    switch code {
    case 0: return 0
    case 1, 3: return 2
    case 2: return 1
    default:
      throw MolfileError(
        .outOfRange, line: lines.line, found: "the radical code \(code)", expected: "0 to 3")
    }
  }

  func charge(_ value: Int) throws(MolfileError) -> Int8 {
    guard abs(value) <= 99 else {
      throw MolfileError(
        .outOfRange, line: lines.line, found: "the charge \(value)", expected: "-99 to 99")
    }
    return Int8(value)
  }

  func isotope(_ value: Int) throws(MolfileError) -> UInt16 {
    guard (0...9999).contains(value) else {
      throw MolfileError(
        .outOfRange, line: lines.line, found: "the mass number \(value)", expected: "0 to 9999")
    }
    return UInt16(value)
  }
}
