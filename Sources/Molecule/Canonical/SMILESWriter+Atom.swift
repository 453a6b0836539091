extension SMILESWriter {
  private var isAromaticForm: Bool { !options.contains(.kekule) }

  /// Writes the symbol of a bond, or nothing where a reader adds the right one.
  mutating func writeBond(_ index: Int, from first: Int32, _ graph: MolecularGraph) {
    let bond = graph.bonds[index]
    let (begin, end) = (graph.atoms[Int(bond.begin)], graph.atoms[Int(bond.end)])
    if !directions.isEmpty, directions[index] != .none {
      text.append(directions[index] == .up ? UInt8(ascii: "/") : UInt8(ascii: "\\"))
      return
    }
    if bond.isAromatic, isAromaticForm {
      if !begin.isAromatic || !end.isAromatic { text.append(UInt8(ascii: ":")) }
      return
    }
    switch bond.order {
    case .single:
      if isAromaticForm, begin.isAromatic || begin.element == .wildcard,
        end.isAromatic || end.element == .wildcard, begin.isAromatic || end.isAromatic
      {
        text.append(UInt8(ascii: "-"))
      }
    case .double: text.append(UInt8(ascii: "="))
    case .triple: text.append(UInt8(ascii: "#"))
    case .quadruple: text.append(UInt8(ascii: "$"))
    case .dative: text.append(contentsOf: bond.begin == first ? [0x2d, 0x3e] : [0x3c, 0x2d])
    }
  }

  /// Writes an atom, in brackets only where a reader would take it for another.
  mutating func writeAtom(_ index: Int, _ graph: MolecularGraph) {
    let atom = graph.atoms[index]
    let mark = elementOfAtom.count == 0 ? -1 : Int(elementOfAtom[index])
    let isotope = options.contains(.isotopes) ? atom.isotope : 0
    let atomClass = options.contains(.atomClasses) ? atom.atomClass : 0
    if mark < 0, isotope == 0, atomClass == 0, atom.charge == 0, atom.element.isOrganic,
      !(atom.isAromatic && isAromaticForm && !atom.element.isOrganicAromatic),
      isFilledAlike(atom, graph.degree(index))
        || graph.impliedHydrogens(index, aromatic: isAromaticForm) == atom.hydrogens
    {
      writeSymbol(atom)
      return
    }
    text.append(UInt8(ascii: "["))
    if isotope > 0 { write(Int(isotope)) }
    writeSymbol(atom)
    if mark >= 0 { writeMark(elements[mark], at: index, graph) }
    if atom.hydrogens > 0 {
      text.append(UInt8(ascii: "H"))
      if atom.hydrogens > 1 { write(atom.hydrogens) }
    }
    if atom.charge != 0 {
      text.append(atom.charge > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-"))
      if abs(Int(atom.charge)) > 1 { write(abs(Int(atom.charge))) }
    }
    if atomClass > 0 {
      text.append(UInt8(ascii: ":"))
      write(Int(atomClass))
    }
    text.append(UInt8(ascii: "]"))
  }

  /// Whether an atom that was written without brackets is sure to get the same hydrogens again.
  @inline(__always)
  private func isFilledAlike(_ atom: Atom, _ degree: Int) -> Bool {
    !atom.isBracket && atom.explicitHydrogens == 0 && !tree.hasDativeBonds
      && (!atom.isAromatic || (atom.element == .carbon && degree + atom.hydrogens == 3))
  }

  private mutating func writeSymbol(_ atom: Atom) {
    let (first, second) = atom.element.symbolBytes
    text.append(
      atom.isAromatic && isAromaticForm && first != UInt8(ascii: "*") ? first | 0x20 : first)
    if second != 0 { text.append(second) }
  }
}

extension Element {
  /// Whether an atom of the element can stand outside brackets.
  var isOrganic: Bool {
    switch number {
    case 0, 5, 6, 7, 8, 9, 15, 16, 17, 35, 53: true
    default: false
    }
  }

  /// Whether an aromatic atom of the element can stand outside brackets.
  var isOrganicAromatic: Bool {
    switch number {
    case 0, 5, 6, 7, 8, 15, 16: true
    default: false
    }
  }

  /// The letters of the symbol, the second 0 where there is none.
  var symbolBytes: (UInt8, UInt8) { Self.symbolLetters[Int(number)] }

  private static let symbolLetters: [(UInt8, UInt8)] = symbols.map { symbol in
    let letters = Array(symbol.utf8)
    return (letters[0], letters.count > 1 ? letters[1] : 0)
  }
}

extension MolecularGraph {
  /// Hydrogens a reader adds to an atom written without brackets, lower case when `aromatic` and
  /// the atom is.
  func impliedHydrogens(_ index: Int, aromatic: Bool) -> Int {
    let atom = atoms[index]
    let lowest = atom.element.defaultValence
    guard lowest > 0 else { return 0 }
    var sum = 0
    var aromaticBonds = 0
    for slot in neighborRange(index) {
      let bond = bonds[Int(neighborBonds[slot])]
      if aromatic, bond.isAromatic {
        aromaticBonds += 1
      } else {
        sum += bond.valence(at: Int32(truncatingIfNeeded: index))
      }
    }
    if aromatic, atom.isAromatic {
      return max(0, lowest - sum - aromaticBonds - (aromaticBonds > 0 ? 1 : 0))
    }
    sum += aromaticBonds > 0 ? aromaticBonds + 1 : 0
    if sum <= lowest { return lowest - sum }
    for valence in atom.element.valences where Int(valence) >= sum { return Int(valence) - sum }
    return 0
  }
}
