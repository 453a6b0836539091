/// A bond symbol and where it stood.
struct BondSymbol {
  var order = Bond.Order.single
  var isAromatic = false
  var direction = Bond.Direction.none
  /// `<-`: the electrons come from the atom written second.
  var pointsBack = false
  var offset: Int

  /// The same bond, read from its other end.
  var reversed: BondSymbol {
    var symbol = self
    symbol.direction = direction.reversed
    if order == .dative { symbol.pointsBack.toggle() }
    return symbol
  }
}

/// A ring digit that waits for its partner.
struct RingOpening {
  let number: Int
  let atom: Int32
  let symbol: BondSymbol?
  let offset: Int
  /// Index of the half bond that holds its place in the neighbour order.
  let halfBond: Int
}

/// The open ring digits: 0...99 in a table, `%(nnn)` beyond that by number.
struct RingTable: ~Copyable {
  /// Every opening so far, in the order of the text.
  private var openings = GrowingArray<RingOpening>(capacity: 16)
  /// Place in `openings` of each number below 100 that is open, or -1.
  private let small = FixedArray<Int32>(repeating: -1, count: 100)
  private var large: [Int: Int32] = [:]
  private var openCount = 0

  /// Whether the text has ring digits.
  var hasEverOpened: Bool { !openings.isEmpty }

  mutating func take(_ number: Int) -> RingOpening? {
    let place = number < 100 ? small[number] : large[number] ?? -1
    guard place >= 0 else { return nil }
    openCount -= 1
    if number < 100 { small[number] = -1 } else { large[number] = nil }
    return openings[Int(place)]
  }

  mutating func put(_ opening: RingOpening) {
    openCount += 1
    let place = Int32(openings.count)
    if opening.number < 100 { small[opening.number] = place } else { large[opening.number] = place }
    openings.append(opening)
  }

  /// The open ring that starts first in the text.
  var firstOpen: RingOpening? {
    guard openCount > 0 else { return nil }
    let places = (0..<100).map { small[$0] }.filter { $0 >= 0 } + large.values
    return places.min().map { openings[Int($0)] }
  }
}

extension SMILESParser {
  /// `bond ::= '-' | '=' | '#' | '$' | ':' | '/' | '\', and '->', '<-'`.
  mutating func readBondSymbol() -> BondSymbol? {
    var symbol = BondSymbol(offset: position)
    var length = 1
    switch bytes[position] {
    case UInt8(ascii: "-"):
      if byte(at: position + 1) == UInt8(ascii: ">") {
        symbol.order = .dative
        length = 2
      }
    case UInt8(ascii: "<") where byte(at: position + 1) == UInt8(ascii: "-"):
      symbol.order = .dative
      symbol.pointsBack = true
      length = 2
    case UInt8(ascii: "="): symbol.order = .double
    case UInt8(ascii: "#"): symbol.order = .triple
    case UInt8(ascii: "$"): symbol.order = .quadruple
    case UInt8(ascii: ":"): symbol.isAromatic = true
    case UInt8(ascii: "/"): symbol.direction = .up
    case UInt8(ascii: "\\"): symbol.direction = .down
    default: return nil
    }
    position += length
    return symbol
  }

  /// `ringbond ::= bond? DIGIT | bond? '%' DIGIT DIGIT | bond? '%(' DIGIT+ ')'`.
  mutating func readRingBond() throws(SMILESError) {
    if last != .bond || bondOpensBranch { try requireAtomBefore(orOpenBranch: false) }
    let offset = position
    let number = try readRingNumber()
    let symbol = pending
    pending = nil
    last = .atom
    if atoms[Int(current)].ringDigits < 255 { atoms[Int(current)].ringDigits += 1 }
    guard let opening = rings.take(number) else {
      rings.put(
        RingOpening(
          number: number, atom: current, symbol: symbol, offset: offset,
          halfBond: halfBonds.count))
      halfBonds.append(MolecularGraph.HalfBond(atom: current, bond: -1, neighbor: -1))
      return
    }
    guard opening.atom != current else {
      throw SMILESError(reason: .ringToSameAtom(number: number), offset: offset)
    }
    if let first = opening.symbol, let second = symbol?.reversed,
      first.order != second.order || first.isAromatic != second.isAromatic
        || first.pointsBack != second.pointsBack
        || (first.direction == second.direction.reversed && first.direction != .none)
    {
      throw SMILESError(reason: .conflictingRingBond(number: number), offset: offset)
    }
    // A mark may stand at either end, or at both.
    let isMarkedLater = opening.symbol?.direction == Bond.Direction.none && symbol != nil
    let bond = makeBond(
      from: opening.atom, to: current,
      symbol: isMarkedLater ? symbol?.reversed : opening.symbol ?? symbol?.reversed, offset: offset)
    let index = Int32(truncatingIfNeeded: bonds.count)
    halfBonds[opening.halfBond] = MolecularGraph.HalfBond(
      atom: opening.atom, bond: index, neighbor: current)
    halfBonds.append(
      MolecularGraph.HalfBond(atom: current, bond: index, neighbor: opening.atom))
    bonds.append(bond)
  }

  private mutating func readRingNumber() throws(SMILESError) -> Int {
    if bytes[position] != UInt8(ascii: "%") {
      position += 1
      return Int(bytes[position - 1]) - 48
    }
    position += 1
    if byte(at: position) == UInt8(ascii: "(") {
      position += 1
      let number = try readNumber(what: "the ring number", limit: 99_999)
      guard let number else { throw unexpected(at: position, expected: "a ring number") }
      guard byte(at: position) == UInt8(ascii: ")") else {
        throw unexpected(at: position, expected: "')'")
      }
      position += 1
      return number
    }
    var number = 0
    for _ in 0..<2 {
      guard case 48...57 = byte(at: position) else {
        throw unexpected(at: position, expected: "two digits after '%'")
      }
      number = number * 10 + Int(bytes[position]) - 48
      position += 1
    }
    return number
  }

  /// DIGIT*, nil when there is none.
  mutating func readNumber(what: String, limit: Int) throws(SMILESError) -> Int? {
    let start = position
    var number = 0
    while case 48...57 = byte(at: position) {
      number = number * 10 + Int(bytes[position]) - 48
      guard number <= limit else {
        throw SMILESError(reason: .numberOutOfRange(what: what, limit: limit), offset: start)
      }
      position += 1
    }
    return position == start ? nil : number
  }
}

extension MolecularGraph {
  /// Two bonds between one pair of atoms can only come from ring digits; O(A + B).
  func refuseDuplicateBonds() throws(SMILESError) {
    let seenFrom = FixedArray<Int32>(repeating: -1, count: atoms.count)
    for atom in atoms.indices where atoms[atom].ringDigits > 0 {
      for slot in neighborRange(atom) {
        let neighbor = Int(neighborAtoms[slot])
        if seenFrom[neighbor] == Int32(atom) {
          let offset =
            neighborRange(atom)
            .filter { neighborAtoms[$0] == neighborAtoms[slot] }
            .map { bonds[Int(neighborBonds[$0])].offset }.max() ?? 0
          throw SMILESError(reason: .duplicateBond, offset: Int(offset))
        }
        seenFrom[neighbor] = Int32(atom)
      }
    }
  }
}
