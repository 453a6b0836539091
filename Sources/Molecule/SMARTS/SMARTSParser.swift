/// One pass over the bytes of a SMARTS; branches on an explicit stack, `$()` by bounded recursion.
struct SMARTSParser {
  struct Atom {
    var expression: AtomExpression
    var map = 0
    /// Number of the component group, or -1.
    var group = -1
    /// Neighbours in the order of the text, as bond indices; -1 for an implicit hydrogen.
    var bonds: [Int] = []
    var hasPredecessor = false
  }

  struct Bond {
    var begin: Int
    var end: Int
    var mask: BondMask
    /// `/` is true, `\` is false, read from `begin` to `end`.
    var direction: Bool?
  }

  struct BondSymbol {
    var mask: BondMask
    var direction: Bool?
  }

  let bytes: [UInt8]
  var position: Int
  let end: Int
  let depth: Int
  var atoms: [Atom] = []
  var bonds: [Bond] = []
  var nested: [SMARTSPattern] = []

  private var openRings: [Int: (atom: Int, slot: Int, symbol: BondSymbol?, offset: Int)] = [:]
  private var branches: [(atom: Int, offset: Int)] = []
  private var current = -1
  private var pending: BondSymbol?
  private var group = -1
  private var groupCount = 0
  private var isInGroup = false

  init(bytes: [UInt8], range: Range<Int>, depth: Int) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.depth = depth
  }

  mutating func parse() throws(SMARTSError) {
    guard position < end else { throw SMARTSError(reason: .empty, offset: position) }
    while position < end { try step(bytes[position]) }
    if pending != nil { throw unexpected("an atom") }
    if let branch = branches.last {
      throw SMARTSError(reason: .unbalancedBranch, offset: branch.offset)
    }
    if isInGroup { throw SMARTSError(reason: .unbalancedBranch, offset: end) }
    if let ring = openRings.min(by: { $0.value.offset < $1.value.offset }) {
      throw SMARTSError(reason: .unclosedRing(number: ring.key), offset: ring.value.offset)
    }
    if current < 0 { throw unexpected("an atom") }
  }

  private mutating func step(_ byte: UInt8) throws(SMARTSError) {
    switch byte {
    case UInt8(ascii: "("):
      if current < 0, pending == nil, !isInGroup {
        isInGroup = true
        group = groupCount
        groupCount += 1
      } else {
        guard current >= 0, pending == nil else { throw unexpected("an atom") }
        branches.append((current, position))
      }
      position += 1
    case UInt8(ascii: ")"):
      guard pending == nil, current >= 0 else { throw unexpected("an atom") }
      if let branch = branches.popLast() {
        guard branch.atom != current || position > branch.offset + 1 else {
          throw unexpected("an atom inside the branch")
        }
        current = branch.atom
      } else if isInGroup {
        isInGroup = false
        group = -1
      } else {
        throw SMARTSError(reason: .unbalancedBranch, offset: position)
      }
      position += 1
    case UInt8(ascii: "."):
      guard current >= 0, pending == nil, branches.isEmpty else { throw unexpected("an atom") }
      current = -1
      position += 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "%"): try readRing()
    default:
      if let symbol = try readBond() {
        guard current >= 0, pending == nil else { throw unexpected("an atom") }
        pending = symbol
      } else {
        try append(try readAtom())
      }
    }
  }

  private mutating func append(_ atom: Atom) throws(SMARTSError) {
    var atom = atom
    atom.group = group
    let index = atoms.count
    if current >= 0 {
      atom.hasPredecessor = true
      atom.bonds.insert(bonds.count, at: 0)
      atoms[current].bonds.append(bonds.count)
      bonds.append(
        Bond(
          begin: current, end: index, mask: pending?.mask ?? .unspecified,
          direction: pending?.direction))
    }
    atoms.append(atom)
    pending = nil
    current = index
  }

  private mutating func readRing() throws(SMARTSError) {
    guard current >= 0 else { throw unexpected("an atom") }
    let offset = position
    let number = try readRingNumber()
    let symbol = pending
    pending = nil
    guard let opening = openRings.removeValue(forKey: number) else {
      openRings[number] = (current, atoms[current].bonds.count, symbol, offset)
      atoms[current].bonds.append(-2)
      return
    }
    let isRepeated = bonds.contains {
      ($0.begin == opening.atom && $0.end == current)
        || ($0.end == opening.atom && $0.begin == current)
    }
    guard opening.atom != current, !isRepeated else {
      throw SMARTSError(reason: .impossibleRing(number: number), offset: offset)
    }
    var direction = opening.symbol?.direction
    if direction == nil, let closing = symbol?.direction { direction = !closing }
    atoms[opening.atom].bonds[opening.slot] = bonds.count
    atoms[current].bonds.append(bonds.count)
    bonds.append(
      Bond(
        begin: opening.atom, end: current,
        mask: opening.symbol?.mask ?? symbol?.mask.reversed ?? .unspecified, direction: direction))
  }

  private mutating func readRingNumber() throws(SMARTSError) -> Int {
    if bytes[position] != UInt8(ascii: "%") {
      position += 1
      return Int(bytes[position - 1]) - 48
    }
    position += 1
    if peek() == UInt8(ascii: "(") {
      position += 1
      guard let number = try readNumber() else { throw unexpected("a ring number") }
      guard peek() == UInt8(ascii: ")") else { throw unexpected("')'") }
      position += 1
      return number
    }
    var number = 0
    for _ in 0..<2 {
      guard let byte = peek(), (48...57).contains(byte) else { throw unexpected("two digits") }
      number = number * 10 + Int(byte) - 48
      position += 1
    }
    return number
  }

  /// DIGIT*, nil when there is none.
  mutating func readNumber() throws(SMARTSError) -> Int? {
    let start = position
    var number = 0
    while let byte = peek(), (48...57).contains(byte) {
      number = number * 10 + Int(byte) - 48
      guard number <= 99_999 else {
        throw SMARTSError(reason: .numberOutOfRange(limit: 99_999), offset: start)
      }
      position += 1
    }
    return position == start ? nil : number
  }

  func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < end ? bytes[position + distance] : nil
  }

  func unexpected(_ expected: String) -> SMARTSError {
    guard position < end else {
      return SMARTSError(reason: .unexpectedEnd(expected: expected), offset: end)
    }
    return SMARTSError(
      reason: .unexpectedByte(bytes[position], expected: expected), offset: position)
  }
}
