/// Reads a CXSMILES extension against the graph of its SMILES as written.
struct ExtensionParser {
  /// The extension with its bars.
  let bytes: [UInt8]
  /// The graph before perception: its atoms and bonds are numbered as in the text.
  let graph: MolecularGraph
  private(set) var tail = ExtensionTail()
  private var position = 1

  init(bytes: [UInt8], graph: MolecularGraph) {
    self.bytes = bytes
    self.graph = graph
  }

  /// Sections that say nothing a graph holds, without their numbers and colons.
  private static let passedOver = [
    "atomProp", "SgD", "SgH", "Sg", "LN", "LO", "lp", "rb", "wU", "wD", "w", "a", "o", "&", "r",
    "f", "m", "u", "s",
  ].map { Array($0.utf8) }

  /// `extension ::= '|' (section (',' section)*)? '|'`.
  mutating func parse() throws(SMILESError) {
    guard bytes.count >= 2, bytes[bytes.count - 1] == UInt8(ascii: "|") else {
      throw SMILESError(
        reason: .unexpectedEnd(expected: "'|' at the end of the extension"), offset: bytes.count)
    }
    while byte(0) != UInt8(ascii: "|") { try parseSection() }
  }

  private mutating func parseSection() throws(SMILESError) {
    switch (byte(0), byte(1)) {
    case (UInt8(ascii: ","), _): position += 1
    case (UInt8(ascii: "$"), _): try parseLabels()
    case (UInt8(ascii: "("), _): try skip(to: UInt8(ascii: ")"))
    case (UInt8(ascii: "^"), 49...55):
      let electrons = [1, 2, 2, 2, 3, 3, 3][Int(byte(1)) - 49]
      try expect("^" + String(byte(1) - 48) + ":")
      try eachNumber { (parser) throws(SMILESError) in
        let atom = try parser.index("the atom number", below: parser.graph.atoms.count)
        parser.tail.radicals.append((atom, electrons))
        if parser.byte(0) == UInt8(ascii: ".") { throw parser.unexpected("',' or '|'") }
      }
    case (UInt8(ascii: "C"), UInt8(ascii: ":")):
      position += 2
      try eachNumber { (parser) throws(SMILESError) in try parser.parseCoordination() }
    case (UInt8(ascii: "c"), UInt8(ascii: ":")): try parseArrangements("c:", .cis)
    case (UInt8(ascii: "t"), UInt8(ascii: ":")): try parseArrangements("t:", .trans)
    case (UInt8(ascii: "c"), UInt8(ascii: "t")): try parseArrangements("ctu:", .open)
    case (UInt8(ascii: "H"), UInt8(ascii: ":")), (UInt8(ascii: "Z"), UInt8(ascii: ":")):
      throw SMILESError(
        reason: .unsupportedExtension(byte(0) == 72 ? "hydrogen bonds" : "bonds of no order"),
        offset: position)
    default:
      guard startsPassedSection(position) else {
        throw unexpected("a part of the extension that is known")
      }
      position += 1
      while byte(0) != UInt8(ascii: "|"),
        !(byte(0) == UInt8(ascii: ",") && startsSection(position + 1))
      { position += 1 }
    }
  }

  /// `C:atom.bond`, the atom that gives the electrons and the number of the bond.
  private mutating func parseCoordination() throws(SMILESError) {
    let start = position
    let donor = try index("the atom number", below: graph.atoms.count)
    try expect(".")
    let bond = try index("the bond number", below: graph.bonds.count)
    guard graph.bonds[bond].begin == Int32(donor) || graph.bonds[bond].end == Int32(donor) else {
      throw SMILESError(reason: .foreignBond(atom: donor, bond: bond), offset: start)
    }
    tail.coordinations.append((donor, bond))
  }

  private mutating func parseArrangements(
    _ key: String, _ kind: ExtensionTail.Arrangement.Kind
  ) throws(SMILESError) {
    try expect(key)
    try eachNumber { (parser) throws(SMILESError) in
      let bond = try parser.index("the bond number", below: parser.graph.bonds.count)
      parser.tail.add(kind, bond: bond, of: parser.graph)
    }
  }

  /// `$label;label;…$`, one label for each atom; missing ones are empty.
  private mutating func parseLabels() throws(SMILESError) {
    position += 1
    var atom = 0
    var label: [UInt8] = []
    while true {
      let next = byte(0)
      guard next != UInt8(ascii: "|") else { throw unexpected("'$' at the end of the labels") }
      position += 1
      guard next == UInt8(ascii: ";") || next == UInt8(ascii: "$") else {
        label.append(next)
        continue
      }
      if atom < graph.atoms.count, let number = Self.groupNumber(label) {
        tail.groupNumbers.append((atom, number))
      }
      if next == UInt8(ascii: "$") { return }
      atom += 1
      label.removeAll(keepingCapacity: true)
    }
  }

  /// The number of `R1` or `_R1`, 1 to 999.
  private static func groupNumber(_ label: [UInt8]) -> UInt16? {
    let text = label.first == UInt8(ascii: "_") ? label.dropFirst() : label[...]
    guard text.first == UInt8(ascii: "R"), (2...4).contains(text.count) else { return nil }
    var number: UInt16 = 0
    for byte in text.dropFirst() {
      guard case 48...57 = byte else { return nil }
      number = number * 10 + UInt16(byte - 48)
    }
    return number == 0 ? nil : number
  }

  /// Runs for each member of a list of numbers; a comma before anything else ends the list.
  private mutating func eachNumber(
    _ body: (inout ExtensionParser) throws(SMILESError) -> Void
  ) throws(SMILESError) {
    try body(&self)
    while byte(0) == UInt8(ascii: ","), case 48...57 = byte(1) {
      position += 1
      try body(&self)
    }
    guard byte(0) == UInt8(ascii: ",") || byte(0) == UInt8(ascii: "|") else {
      throw unexpected("',' or '|'")
    }
  }

  private mutating func index(_ what: String, below count: Int) throws(SMILESError) -> Int {
    let start = position
    var number = 0
    while case 48...57 = byte(0) {
      number = min(number * 10 + Int(byte(0)) - 48, Int(Int32.max))
      position += 1
    }
    guard position > start else { throw unexpected("a number") }
    guard number < count else {
      throw SMILESError(
        reason: .numberOutOfRange(what: what, limit: max(0, count - 1)), offset: start)
    }
    return number
  }

  private func startsSection(_ start: Int) -> Bool {
    let (first, second) = (byte(start - position), byte(start - position + 1))
    switch first {
    case UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: "^"): return true
    case UInt8(ascii: "c"), UInt8(ascii: "t"), UInt8(ascii: "C"), UInt8(ascii: "H"),
      UInt8(ascii: "Z"):
      return second == UInt8(ascii: ":") || (first == 99 && second == 116)
    default: return startsPassedSection(start)
    }
  }

  /// Whether a key of ``passedOver``, its number if any, and a colon stand here, or `r` alone.
  private func startsPassedSection(_ start: Int) -> Bool {
    Self.passedOver.contains { key in
      guard bytes[start...].starts(with: key) else { return false }
      var end = start + key.count
      while end < bytes.count, case 48...57 = bytes[end] { end += 1 }
      let next = end < bytes.count ? bytes[end] : 0
      return next == UInt8(ascii: ":")
        || (key == [UInt8(ascii: "r")] && (next == UInt8(ascii: ",") || next == UInt8(ascii: "|")))
    }
  }

  private mutating func expect(_ text: String) throws(SMILESError) {
    guard bytes[position...].starts(with: text.utf8) else { throw unexpected("'\(text)'") }
    position += text.utf8.count
  }

  private mutating func skip(to last: UInt8) throws(SMILESError) {
    while byte(0) != last {
      guard byte(0) != UInt8(ascii: "|") else {
        throw unexpected("'\(Character(Unicode.Scalar(last)))'")
      }
      position += 1
    }
    position += 1
  }

  private func unexpected(_ expected: String) -> SMILESError {
    SMILESError(reason: .unexpectedByte(byte(0), expected: expected), offset: position)
  }

  /// The byte that many places on; the last bar past the end.
  private func byte(_ ahead: Int) -> UInt8 {
    position + ahead < bytes.count ? bytes[position + ahead] : UInt8(ascii: "|")
  }
}
