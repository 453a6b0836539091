extension TextNormalizer {
  /// Collects normal text: folds ASCII letters and quotes, and collapses white space.
  struct Output {
    private(set) var bytes: [UInt8]
    private var spaceIsDue = false

    init(reusing storage: consuming [UInt8] = [], capacity: Int) {
      bytes = consume storage
      bytes.removeAll(keepingCapacity: true)
      bytes.reserveCapacity(capacity)
    }

    mutating func append(ascii run: Span<UInt8>) {
      for index in run.indices { append(ascii: run[index]) }
    }

    mutating func append(_ scalar: Unicode.Scalar) {
      if scalar.isASCII {
        append(ascii: UInt8(scalar.value))
      } else if Self.isSpace(scalar) {
        spaceIsDue = true
      } else {
        flushSpace()
        bytes.append(contentsOf: scalar.utf8)
      }
    }

    /// Applies ``TextNormalizer/dropGreekHyphens(in:)``; returns where they stood.
    mutating func dropGreekHyphens() -> [Int] { TextNormalizer.dropGreekHyphens(in: &bytes) }

    consuming func finish() -> [UInt8] { bytes }

    private mutating func append(ascii byte: UInt8) {
      switch byte {
      case 0...0x20, 0x7F:
        spaceIsDue = true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        flushSpace()
        bytes.append(byte | 0x20)
      case UInt8(ascii: "`"):
        flushSpace()
        bytes.append(UInt8(ascii: "'"))
      case UInt8(ascii: "\""):
        flushSpace()
        bytes.append(UInt8(ascii: "'"))
        bytes.append(UInt8(ascii: "'"))
      default:
        flushSpace()
        bytes.append(byte)
      }
    }

    /// The space between two characters; none before the first one, none after the last.
    private mutating func flushSpace() {
      if spaceIsDue, !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
      spaceIsDue = false
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }
  }
}
