extension ConnectionTableParser {
  /// The blocks between `BEGIN CTAB` and `END CTAB`, then `M  END`.
  mutating func parseV3000() throws(MolfileError) {
    var words = try nextWords("BEGIN CTAB")
    guard words.matches("BEGIN", "CTAB") else { throw words.bad(expected: "BEGIN CTAB") }
    words = try nextWords("COUNTS")
    guard words.matches("COUNTS") else { throw words.bad(expected: "COUNTS") }
    let atoms = try words.integer(1, "the number of atoms")
    let bonds = try words.integer(2, "the number of bonds")
    guard atoms >= 0, bonds >= 0, atoms <= Self.limit, bonds <= Self.limit else {
      throw words.bad(.outOfRange, expected: "at most \(Self.limit) atoms and bonds")
    }
    if words.count > 5 { table.isChiral = try words.integer(5, "the chiral flag") == 1 }
    while true {
      words = try nextWords("END CTAB")
      if words.matches("END", "CTAB") { break }
      guard words.matches("BEGIN") else { continue }
      if words.matches("BEGIN", "ATOM") {
        try parseBlock("ATOM", count: atoms) { (parser, words) throws(MolfileError) in
          try parser.parseAtom(words)
        }
      } else if words.matches("BEGIN", "BOND") {
        try parseBlock("BOND", count: bonds) { (parser, words) throws(MolfileError) in
          try parser.parseBond(words)
        }
      } else if words.matches("BEGIN", "COLLECTION") {
        try parseCollection()
      } else {
        try skipBlock()
      }
    }
    guard table.atoms.count == atoms, table.bonds.count == bonds else {
      throw MolfileError(
        .badField, line: lines.line,
        found: "\(table.atoms.count) atoms and \(table.bonds.count) bonds",
        expected: "\(atoms) and \(bonds), as counted")
    }
    try lines.require("M  END")
    guard lines.hasPrefix("M  END") else { throw lines.bad(.unsupported, expected: "M  END") }
  }

  private mutating func parseBlock(
    _ name: String, count: Int,
    _ body: (inout ConnectionTableParser, V3000Words) throws(MolfileError) -> Void
  ) throws(MolfileError) {
    var seen = 0
    while true {
      let words = try nextWords("END \(name)")
      if words.matches("END", name) { return }
      seen += 1
      guard seen <= count else { throw words.bad(expected: "END \(name)") }
      try body(&self, words)
    }
  }

  private mutating func skipBlock() throws(MolfileError) {
    var depth = 1
    while depth > 0 {
      let words = try nextWords("the end of a block")
      if words.matches("BEGIN") { depth += 1 }
      if words.matches("END") { depth -= 1 }
    }
  }

  /// `index type x y z aamap [CHG=…] [RAD=…] [MASS=…] [VAL=…] [HCOUNT=…] …`.
  private mutating func parseAtom(_ words: V3000Words) throws(MolfileError) {
    guard words.count >= 6 else { throw words.bad(expected: "an atom line") }
    let number = try words.integer(0, "the atom's number")
    let symbol = words.bytes(1)
    if symbol.first == UInt8(ascii: "[") || words.matches(at: 1, "NOT") {
      throw words.bad(.query, expected: "an element, not a list of elements")
    }
    guard let found = atom(symbol: symbol) else {
      throw words.bad(.unknownElement, expected: "an element symbol")
    }
    let position = AtomPosition(
      x: try words.decimal(2, "the x coordinate"), y: try words.decimal(3, "the y coordinate"),
      z: try words.decimal(4, "the z coordinate"))
    var atom = ConnectionTable.Atom(
      element: found.element, isotope: found.isotope, hasNoImplicit: found.isQuery,
      position: position, line: Int32(words.line))
    atom.atomClass = UInt32(max(0, try words.integer(5, "the atom-atom mapping number")))
    for index in 6..<words.count {
      if let value = try words.value(index, "CHG") {
        atom.charge = try charge(value)
      } else if let value = try words.value(index, "RAD") {
        atom.radicals = try radicals(value)
      } else if let value = try words.value(index, "MASS") {
        atom.isotope = try isotope(value)
      } else if let value = try words.value(index, "VAL") {
        guard abs(value) <= 99 else { throw words.bad(.outOfRange, expected: "a valence") }
        atom.valence = Int16(value)
      } else if let value = try words.value(index, "CFG") {
        atom.parity = UInt8(clamping: value)
      } else if let value = try words.value(index, "HCOUNT") {
        if value != 0 { atom.hasNoImplicit = true }
      } else if let label = words.list(index, "RGROUPS")?.first {
        atom.element = .wildcard
        atom.isotope = try isotope(label)
      }
    }
    let place = Int32(table.atoms.count)
    if number != Int(place) + 1, atomNumbers.isEmpty {
      for earlier in 0..<place { atomNumbers[Int(earlier) + 1] = earlier }
    }
    if number != Int(place) + 1 || !atomNumbers.isEmpty {
      guard atomNumbers.updateValue(place, forKey: number) == nil else {
        throw words.bad(expected: "each atom number once")
      }
    }
    table.atoms.append(atom)
  }

  /// `index type atom1 atom2 [CFG=…] …`.
  private mutating func parseBond(_ words: V3000Words) throws(MolfileError) {
    guard words.count >= 4 else { throw words.bad(expected: "a bond line") }
    let type = try bondType(try words.integer(1, "the bond type"), nil)
    let begin = try atomIndex(words, 2)
    let end = try atomIndex(words, 3)
    guard begin != end else { throw words.bad(.outOfRange, expected: "two atoms") }
    var bond = ConnectionTable.Bond(begin: begin, end: end, type: type, line: Int32(words.line))
    for index in 4..<words.count {
      if let value = try words.value(index, "CFG") {
        switch value {
        case 0: bond.mark = .none
        case 1: bond.mark = .up
        case 2: bond.mark = .either
        case 3: bond.mark = .down
        default: throw words.bad(.outOfRange, expected: "CFG 0 to 3")
        }
      }
      if words.list(index, "ENDPTS") != nil {
        throw words.bad(.unsupported, expected: "no bond to several atoms")
      }
    }
    table.bonds.append(bond)
  }

  private func atomIndex(_ words: V3000Words, _ place: Int) throws(MolfileError) -> Int32 {
    let number = try words.integer(place, "an atom number")
    guard let index = atomIndex(number) else {
      throw words.bad(.outOfRange, expected: "the number of an atom above")
    }
    return index
  }

  private func atomIndex(_ number: Int) -> Int32? {
    if atomNumbers.isEmpty {
      return number >= 1 && number <= table.atoms.count ? Int32(number - 1) : nil
    }
    return atomNumbers[number]
  }

  /// `MDLV30/STEABS ATOMS=(n a b …)`, `STEREL`, `STERAC`; other collections are passed over.
  private mutating func parseCollection() throws(MolfileError) {
    while true {
      let words = try nextWords("END COLLECTION")
      if words.matches("END") { return }
      let name = words.text(0).uppercased()
      guard name.hasPrefix("MDLV30/STE"),
        let kind = StereoGroup.Kind(rawValue: String(name.dropFirst(10).prefix(3)))
      else { continue }
      let number = Int(name.dropFirst(13)) ?? 0
      for index in 1..<max(1, words.count) {
        guard let list = words.list(index, "ATOMS") else { continue }
        let atoms = list.compactMap(atomIndex)
        guard atoms.count == list.count else {
          throw words.bad(.outOfRange, expected: "numbers of atoms above")
        }
        table.stereoGroups.append(StereoGroup(kind: kind, number: number, atoms: atoms))
      }
    }
  }

  /// The next logical line: `M  V30 ` lines joined where they end in `-`.
  private mutating func nextWords(_ expected: String) throws(MolfileError) -> V3000Words {
    var words = V3000Words(line: lines.line + 1)
    while true {
      try lines.require(expected)
      guard lines.hasPrefix("M  V30 ") else {
        throw lines.bad(expected: "a line that begins with 'M  V30 '")
      }
      let content = lines.bytes[lines.range.dropFirst(7)]
      guard content.last == UInt8(ascii: "-") else {
        words.append(content)
        break
      }
      words.append(content.dropLast())
    }
    words.split()
    return words
  }
}
