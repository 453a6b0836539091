extension ConnectionTableParser {
  mutating func parseV2000(atoms: Int, bonds: Int) throws(MolfileError) {
    if let lists = DecimalText.integer(lines.bytes[lines.trimmed(6..<9)]), lists > 0 {
      throw lines.bad(6..<9, .query, expected: "no lists of elements")
    }
    table.atoms.reserveCapacity(atoms)
    for number in 0..<atoms {
      try lines.require("atom \(number + 1) of \(atoms)")
      table.atoms.append(try parseAtomLine())
    }
    table.bonds.reserveCapacity(bonds)
    for number in 0..<bonds {
      try lines.require("bond \(number + 1) of \(bonds)")
      table.bonds.append(try parseBondLine())
    }
    try parseProperties()
  }

  /// `xxxxx.xxxxyyyyy.yyyyzzzzz.zzzz aaaddcccssshhhbbbvvvHHHrrriiimmmnnneee`.
  private func parseAtomLine() throws(MolfileError) -> ConnectionTable.Atom {
    guard lines.range.count >= 32 else { throw lines.bad(expected: "an atom line") }
    let position = AtomPosition(
      x: try lines.decimal(0..<10, "the x coordinate"),
      y: try lines.decimal(10..<20, "the y coordinate"),
      z: try lines.decimal(20..<30, "the z coordinate"))
    let symbol = lines.trimmed(31..<34)
    if lines.bytes[symbol].elementsEqual([UInt8(ascii: "L")]) {
      throw lines.bad(31..<34, .query, expected: "an element, not a list of elements")
    }
    guard let found = atom(symbol: lines.bytes[symbol]) else {
      throw lines.bad(31..<34, .unknownElement, expected: "an element symbol")
    }
    var atom = ConnectionTable.Atom(
      element: found.element, isotope: found.isotope, hasNoImplicit: found.isQuery,
      position: position, line: Int32(lines.line))
    let difference = try lines.integer(34..<36, "the mass difference") ?? 0
    if difference != 0 {
      atom.isotope = try isotope(max(0, found.element.commonIsotope + difference))
    }
    let code = try lines.integer(36..<39, "the charge code") ?? 0
    if code != 0 { atom.charge = try charge(4 - code) }
    atom.parity = UInt8(clamping: try lines.integer(39..<42, "the stereo parity") ?? 0)
    let hydrogens = try lines.integer(42..<45, "the hydrogen count") ?? 0
    if hydrogens >= 1 { atom.hasNoImplicit = true }
    let valence = try lines.integer(48..<51, "the valence") ?? 0
    guard (0...99).contains(valence) else {
      throw lines.bad(48..<51, .outOfRange, expected: "a valence")
    }
    atom.valence = valence == 15 ? -1 : Int16(valence)
    let number = try lines.integer(60..<63, "the atom-atom mapping number") ?? 0
    atom.atomClass = UInt32(max(0, number))
    return atom
  }

  /// `111222tttsssxxxrrrccc`.
  private func parseBondLine() throws(MolfileError) -> ConnectionTable.Bond {
    guard lines.range.count >= 9 else { throw lines.bad(expected: "a bond line") }
    let begin = try atomIndex(0..<3)
    let end = try atomIndex(3..<6)
    let type = try bondType(try lines.integer(6..<9, "the bond type") ?? 0, 6..<9)
    guard begin != end else {
      throw lines.bad(3..<6, .outOfRange, expected: "another atom than the first")
    }
    let mark: ConnectionTable.Mark =
      switch DecimalText.integer(lines.bytes[lines.trimmed(9..<12)]) {
      case 1: .up
      case 6: .down
      case 3, 4: .either
      default: .none
      }
    return ConnectionTable.Bond(
      begin: begin, end: end, type: type, mark: mark, line: Int32(lines.line))
  }

  private func atomIndex(_ columns: Range<Int>) throws(MolfileError) -> Int32 {
    let number = try lines.integer(columns, "an atom number") ?? 0
    guard number >= 1, number <= table.atoms.count else {
      throw lines.bad(columns, .outOfRange, expected: "an atom number, 1 to \(table.atoms.count)")
    }
    return Int32(number - 1)
  }

  /// The lines up to `M  END`.
  private mutating func parseProperties() throws(MolfileError) {
    var hasClearedCharges = false
    var groups = DataGroups()
    while true {
      try lines.require("M  END")
      if lines.hasPrefix("M  END") { break }
      if lines.hasPrefix("$$$$") {
        throw lines.bad(.unexpectedEnd, expected: "M  END before it")
      }
      if lines.hasPrefix("A  ") || lines.hasPrefix("G  ") {
        try lines.require("the text of the line before")
      } else if lines.hasPrefix("S  SKP") {
        let count = try lines.integer(6..<9, "the lines to skip") ?? 0
        for _ in 0..<max(0, count) { try lines.require("a line to skip") }
      } else if lines.hasPrefix("M  CHG") {
        clearCharges(&hasClearedCharges)
        try eachPair { (parser, atom, value) throws(MolfileError) in
          parser.table.atoms[atom].charge = try parser.charge(value)
        }
      } else if lines.hasPrefix("M  RAD") {
        clearCharges(&hasClearedCharges)
        try eachPair { (parser, atom, value) throws(MolfileError) in
          parser.table.atoms[atom].radicals = try parser.radicals(value)
        }
      } else if lines.hasPrefix("M  ISO") {
        try eachPair { (parser, atom, value) throws(MolfileError) in
          if value >= 0 { parser.table.atoms[atom].isotope = try parser.isotope(value) }
        }
      } else if lines.hasPrefix("M  RGP") {
        try eachPair { (parser, atom, value) throws(MolfileError) in
          parser.table.atoms[atom].element = .wildcard
          if (1...998).contains(value) { parser.table.atoms[atom].isotope = UInt16(value) }
        }
      } else if lines.hasPrefix("M  ALS") {
        throw lines.bad(.query, expected: "no list of elements")
      } else if lines.hasPrefix("M  CRS") {
        throw lines.bad(.unsupported, expected: "no S-group correspondence")
      } else if lines.hasPrefix("M  S") {
        try groups.take(lines)
      }
    }
    groups.apply(to: &table)
  }

  /// The first line of charges or radicals replaces all charges of the atom lines.
  private mutating func clearCharges(_ isDone: inout Bool) {
    guard !isDone else { return }
    isDone = true
    for index in table.atoms.indices { table.atoms[index].charge = 0 }
  }

  /// The entries `aaa vvv` of a property line.
  private mutating func eachPair(
    _ body: (inout ConnectionTableParser, Int, Int) throws(MolfileError) -> Void
  ) throws(MolfileError) {
    let count = try lines.integer(6..<9, "the number of entries") ?? 0
    for entry in 0..<max(0, count) {
      let start = 9 + 8 * entry
      let atom = try atomIndex(start..<start + 4)
      guard let value = try lines.integer(start + 4..<start + 8, "a value") else { continue }
      try body(&self, Int(atom), value)
    }
  }
}

/// The data S-groups that state hydrogens of aromatic atoms (`MRV_IMPLICIT_H`); all others are
/// passed over.
private struct DataGroups {
  private var fields: [Int: String] = [:]
  private var data: [Int: String] = [:]
  private var atoms: [Int: [Int]] = [:]

  /// Notes an `M  SDT`, `M  SED`, `M  SCD` or `M  SAL` line.
  mutating func take(_ lines: MolfileLines) throws(MolfileError) {
    guard let group = DecimalText.integer(lines.bytes[lines.trimmed(6..<10)]) else { return }
    if lines.hasPrefix("M  SDT") {
      let name = String(decoding: lines.bytes[lines.trimmed(10..<41)], as: UTF8.self)
      if name == "MRV_IMPLICIT_H" { fields[group] = name }
    } else if lines.hasPrefix("M  SED") || lines.hasPrefix("M  SCD") {
      data[group, default: ""] += String(
        decoding: lines.bytes[lines.trimmed(11..<80)], as: UTF8.self)
    } else if lines.hasPrefix("M  SAL") {
      let count = try lines.integer(10..<13, "the number of atoms") ?? 0
      for entry in 0..<max(0, count) {
        let start = 13 + 4 * entry
        if let atom = try lines.integer(start..<start + 4, "an atom number") {
          atoms[group, default: []].append(atom - 1)
        }
      }
    }
  }

  func apply(to table: inout ConnectionTable) {
    for (group, text) in data where fields[group] != nil && text.hasPrefix("IMPL_H") {
      guard let count = UInt8(text.dropFirst(6).prefix { $0.isNumber }) else { continue }
      for atom in atoms[group] ?? [] where table.atoms.indices.contains(atom) {
        table.atoms[atom].hydrogens = count
      }
    }
  }
}
