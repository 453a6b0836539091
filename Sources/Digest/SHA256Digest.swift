/// A SHA-256 digest: 32 bytes that name a file or a byte string (FIPS 180-4).
public struct SHA256Digest: Sendable, Hashable {
  /// How many bytes a digest has.
  public static let byteCount = 32

  /// The digest, first byte first; always ``byteCount`` long.
  public let bytes: [UInt8]

  /// Takes 32 bytes, first byte first; any other number is a programming error.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount, "a SHA-256 digest of \(bytes.count) bytes, not 32")
    self.bytes = bytes
  }

  /// Reads 64 hexadecimal digits, upper or lower case.
  ///
  /// - Throws: ``DigestError/notHexadecimal(_:)`` for anything else.
  public init(hexadecimal text: String) throws(DigestError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    var high: UInt8?
    for character in text.utf8 {
      guard let digit = Self.value(ofDigit: character), bytes.count < Self.byteCount else {
        throw .notHexadecimal(text)
      }
      if let upper = high {
        bytes.append(upper << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil, bytes.count == Self.byteCount else { throw .notHexadecimal(text) }
    self.bytes = bytes
  }

  /// The digest of some bytes.
  public static func of(bytes: [UInt8]) -> SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// The digest of a text's UTF-8 bytes.
  public static func of(utf8 text: String) -> SHA256Digest {
    of(bytes: Array(text.utf8))
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    var characters: [UInt8] = []
    characters.reserveCapacity(2 * Self.byteCount)
    for byte in bytes {
      characters.append(Self.digit(byte >> 4))
      characters.append(Self.digit(byte & 0x0f))
    }
    return String(decoding: characters, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
  }

  private static func value(ofDigit character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// The digest as 64 lower-case hexadecimal digits.
  public var description: String { hexadecimal }
}

extension SHA256Digest: Codable {
  /// Reads a single string of 64 hexadecimal digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(hexadecimal: text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes a single string of 64 lower-case hexadecimal digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hexadecimal)
  }
}
