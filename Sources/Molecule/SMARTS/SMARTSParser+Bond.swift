/// The kinds of bonds a query accepts: a bit for each of seven types, in a ring and outside.
struct BondMask: Equatable, Sendable {
  var bits: UInt16

  /// One of 14 kinds, as seen from an end of the bond.
  static func kind(_ bond: Bond, from atom: Int32) -> UInt16 {
    let type: UInt16
    if bond.isAromatic {
      type = 4
    } else {
      switch bond.order {
      case .single: type = 0
      case .double: type = 1
      case .triple: type = 2
      case .quadruple: type = 3
      case .dative: type = bond.begin == atom ? 5 : 6
      }
    }
    return 1 << (type + (bond.isInRing ? 7 : 0))
  }

  static func type(_ index: UInt16) -> BondMask { BondMask(bits: 0x81 << index) }

  static let single = type(0)
  static let double = type(1)
  static let triple = type(2)
  static let quadruple = type(3)
  static let aromatic = type(4)
  static let dativeOut = type(5)
  static let dativeIn = type(6)
  static let ring = BondMask(bits: 0x3f80)
  static let any = BondMask(bits: 0x3fff)
  /// No symbol: single or aromatic.
  static let unspecified = BondMask(bits: single.bits | aromatic.bits)

  var inverted: BondMask { BondMask(bits: ~bits & Self.any.bits) }

  /// The same bond seen from the other end.
  var reversed: BondMask {
    let both = Self.dativeOut.bits | Self.dativeIn.bits
    let out = bits & Self.dativeOut.bits
    let back = bits & Self.dativeIn.bits
    return BondMask(bits: bits & ~both | out << 1 | back >> 1)
  }
}

extension SMARTSParser {
  /// `expression ::= low (';' low)*`, `low ::= high (',' high)*`, `high ::= '!'* symbol ('&'? …)*`.
  mutating func readBond() throws(SMARTSError) -> BondSymbol? {
    guard startsBond(peek()) else { return nil }
    var direction: Bool?
    var all = BondMask.any
    while true {
      var either = BondMask(bits: 0)
      while true {
        var both = BondMask.any
        repeat {
          if peek() == UInt8(ascii: "&") { position += 1 }
          both.bits &= try readBondPrimitive(&direction).bits
        } while startsBond(peek()) || peek() == UInt8(ascii: "&")
        either.bits |= both.bits
        guard peek() == UInt8(ascii: ",") else { break }
        position += 1
      }
      all.bits &= either.bits
      guard peek() == UInt8(ascii: ";") else { break }
      position += 1
    }
    return BondSymbol(mask: all, direction: direction)
  }

  private func startsBond(_ byte: UInt8?) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "#"), UInt8(ascii: "$"),
      UInt8(ascii: ":"), UInt8(ascii: "~"), UInt8(ascii: "@"), UInt8(ascii: "/"),
      UInt8(ascii: "\\"), UInt8(ascii: "!"), UInt8(ascii: "<"):
      true
    default: false
    }
  }

  private mutating func readBondPrimitive(_ direction: inout Bool?) throws(SMARTSError) -> BondMask
  {
    guard let byte = peek() else { throw unexpected("a bond symbol") }
    position += 1
    switch byte {
    case UInt8(ascii: "!"):
      // A run of `!` cancels in pairs.
      var negations = 1
      while peek() == UInt8(ascii: "!") {
        negations += 1
        position += 1
      }
      let mask = try readBondPrimitive(&direction)
      return negations % 2 == 1 ? mask.inverted : mask
    case UInt8(ascii: "-"):
      guard peek() == UInt8(ascii: ">") else { return .single }
      position += 1
      return .dativeOut
    case UInt8(ascii: "<"):
      guard peek() == UInt8(ascii: "-") else { throw unexpected("'-' after '<'") }
      position += 1
      return .dativeIn
    case UInt8(ascii: "="): return .double
    case UInt8(ascii: "#"): return .triple
    case UInt8(ascii: "$"): return .quadruple
    case UInt8(ascii: ":"): return .aromatic
    case UInt8(ascii: "~"): return .any
    case UInt8(ascii: "@"): return .ring
    case UInt8(ascii: "/"), UInt8(ascii: "\\"):
      direction = byte == UInt8(ascii: "/")
      if peek() == UInt8(ascii: "?") {
        position += 1
        direction = nil
      }
      return .unspecified
    default:
      position -= 1
      throw unexpected("a bond symbol")
    }
  }
}
