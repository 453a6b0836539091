/// One pass over the bytes of a SMILES, with explicit stacks.
struct SMILESParser: ~Copyable {
  /// An open `(`.
  struct Branch {
    let atom: Int32
    let offset: Int
  }

  let bytes: [UInt8]
  var position = 0
  var atoms: GrowingArray<Atom>
  var bonds: GrowingArray<Bond>
  /// Half bonds in the order of the text; ring openings hold bond -1 until they close.
  var halfBonds: GrowingArray<MolecularGraph.HalfBond>
  var branches = GrowingArray<Branch>(capacity: 16)
  var rings = RingTable()
  /// The atom the next bond starts from, or -1.
  var current: Int32 = -1
  /// A bond symbol read and not yet used.
  var pending: BondSymbol?
  var last = Token.start
  /// Whether the pending bond is the first symbol of a branch, where no ring digit may follow.
  var bondOpensBranch = false

  /// What stood before the current position.
  enum Token { case start, atom, bond, dot, open, close }

  init(bytes: [UInt8]) {
    self.bytes = bytes
    // Letters are about as many as atoms: the second letter of a symbol and the hydrogens of
    // brackets make up for wildcards.
    let letters = bytes.count { $0 >= 65 }
    atoms = GrowingArray(capacity: letters)
    bonds = GrowingArray(capacity: letters + letters / 8)
    halfBonds = GrowingArray(capacity: 2 * letters + letters / 4)
  }

  mutating func parse() throws(SMILESError) -> MolecularGraph {
    guard !bytes.isEmpty else { throw SMILESError(reason: .empty, offset: 0) }
    while position < bytes.count { try step(bytes[position]) }
    try finish()
    let graph = MolecularGraph(
      atoms: atoms.array(), bonds: bonds.array(), halfBonds: halfBonds)
    if rings.hasEverOpened { try graph.refuseDuplicateBonds() }
    return graph
  }

  /// Reads one token of `chain ::= branched_atom | chain bond? branched_atom | chain dot
  /// branched_atom`.
  private mutating func step(_ byte: UInt8) throws(SMILESError) {
    switch byte {
    case UInt8(ascii: "["):
      let atom = try readBracketAtom()
      append(atom)
    case UInt8(ascii: "("): try openBranch()
    case UInt8(ascii: ")"): try closeBranch()
    case UInt8(ascii: "."):
      try requireAtomBefore(orOpenBranch: true)
      current = -1
      last = .dot
      position += 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "%"): try readRingBond()
    default:
      if let symbol = readBondSymbol() {
        try take(symbol)
      } else {
        let atom = try readOrganicAtom()
        append(atom)
      }
    }
  }

  private borrowing func finish() throws(SMILESError) {
    let openBranch = branches.isEmpty ? nil : branches[branches.count - 1]
    switch last {
    case .atom, .close: break
    case .bond: throw SMILESError(reason: .danglingBond, offset: pending?.offset ?? position)
    case .dot: throw SMILESError(reason: .unexpectedEnd(expected: "an atom"), offset: position)
    case .open, .start:
      throw SMILESError(reason: .unclosedBranch, offset: openBranch?.offset ?? 0)
    }
    if let openBranch {
      throw SMILESError(reason: .unclosedBranch, offset: openBranch.offset)
    }
    if let ring = rings.firstOpen {
      throw SMILESError(reason: .unclosedRing(number: ring.number), offset: ring.offset)
    }
  }

  /// Adds an atom and the bond that leads to it.
  private mutating func append(_ read: Atom) {
    let index = Int32(atoms.count)
    var atom = read
    // After a dot or at the start nothing leads here.
    atom.hasPredecessor = current >= 0
    atoms.append(atom)
    if current >= 0 {
      let bond = makeBond(
        from: current, to: index, symbol: pending, offset: pending?.offset ?? Int(atom.offset))
      let number = Int32(truncatingIfNeeded: bonds.count)
      halfBonds.append(MolecularGraph.HalfBond(atom: current, bond: number, neighbor: index))
      halfBonds.append(MolecularGraph.HalfBond(atom: index, bond: number, neighbor: current))
      bonds.append(bond)
    }
    pending = nil
    current = index
    last = .atom
  }

  borrowing func makeBond(from begin: Int32, to end: Int32, symbol: BondSymbol?, offset: Int)
    -> Bond
  {
    var bond = Bond(begin: begin, end: end, order: .single)
    bond.offset = Int32(offset)
    let (left, right) = (atoms[Int(begin)], atoms[Int(end)])
    guard let symbol else {
      bond.isAromatic =
        (left.isAromatic && (right.isAromatic || right.element == .wildcard))
        || (right.isAromatic && left.element == .wildcard)
      return bond
    }
    bond.order = symbol.order
    // A mark says nothing of the order: lower-case atoms stay joined by an aromatic bond.
    bond.isAromatic =
      symbol.isAromatic || (symbol.direction != .none && left.isAromatic && right.isAromatic)
    bond.direction = symbol.direction
    if symbol.pointsBack { (bond.begin, bond.end) = (end, begin) }
    return bond
  }

  private mutating func take(_ symbol: BondSymbol) throws(SMILESError) {
    switch last {
    case .atom, .close, .open:
      pending = symbol
      bondOpensBranch = last == .open
      last = .bond
    case .bond: throw unexpected(at: symbol.offset, expected: "an atom or a ring digit")
    case .start, .dot: throw unexpected(at: symbol.offset, expected: "an atom")
    }
  }

  private mutating func openBranch() throws(SMILESError) {
    try requireAtomBefore(orOpenBranch: false)
    branches.append(Branch(atom: current, offset: position))
    last = .open
    position += 1
  }

  private mutating func closeBranch() throws(SMILESError) {
    guard !branches.isEmpty else {
      throw SMILESError(reason: .unopenedBranch, offset: position)
    }
    let branch = branches[branches.count - 1]
    switch last {
    case .atom, .close: break
    case .bond: throw SMILESError(reason: .danglingBond, offset: pending?.offset ?? position)
    case .open, .start: throw SMILESError(reason: .emptyBranch, offset: branch.offset)
    case .dot: throw unexpected(at: position, expected: "an atom")
    }
    _ = branches.removeLast()
    current = branch.atom
    last = .close
    position += 1
  }

  borrowing func requireAtomBefore(orOpenBranch: Bool) throws(SMILESError) {
    switch last {
    case .atom, .close: return
    case .open where orOpenBranch: return
    case .bond where bytes[position] == UInt8(ascii: "."):
      throw SMILESError(reason: .danglingBond, offset: pending?.offset ?? position)
    case .bond: throw unexpected(at: position, expected: "an atom or a ring digit")
    case .open: throw unexpected(at: position, expected: "an atom, a bond or a dot")
    case .start, .dot: throw unexpected(at: position, expected: "an atom")
    }
  }

  borrowing func unexpected(at offset: Int, expected: String) -> SMILESError {
    guard offset < bytes.count else {
      return SMILESError(reason: .unexpectedEnd(expected: expected), offset: bytes.count)
    }
    return SMILESError(
      reason: .unexpectedByte(bytes[offset], expected: expected), offset: offset)
  }

  @inline(__always)
  borrowing func byte(at offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }
}
