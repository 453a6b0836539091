/// The path and query of a request (RFC 3986 §3.3, §3.4), percent-decoded after splitting.
public struct RequestTarget: Sendable, Equatable {
  /// One `name=value` of the query; the value is empty when there is no `=`.
  public struct Parameter: Sendable, Equatable {
    /// The decoded name.
    public let name: String
    /// The decoded value; `+` is a space.
    public let value: String
  }

  /// Decoded segments: "/" has none, "/a%2Fb/c" has "a/b" and "c", "/a/" has "a" and "".
  public let segments: [String]
  /// The path as sent, not decoded.
  public let rawPath: String
  /// The query parameters in order; names may repeat.
  public let query: [Parameter]

  /// Reads an origin-form or absolute-form target (RFC 9112 §3.2); `*` has no segments.
  ///
  /// - Throws: ``RequestTargetError`` for white space or a control character, a broken percent
  ///   escape, an encoded NUL, bytes that are not UTF-8, or a target that is neither form.
  public init(parsing target: String) throws(RequestTargetError) {
    let bytes = Array(target.utf8)
    var start = 0
    if let offset = bytes.firstIndex(where: { $0 <= 0x20 || $0 == 0x7f }) {
      throw RequestTargetError(reason: .illegalByte, offset: offset)
    }
    if bytes == [UInt8(ascii: "*")] {
      (segments, rawPath, query) = ([], "*", [])
      return
    }
    if bytes.first != UInt8(ascii: "/") { start = try Self.endOfAuthority(bytes) }
    let question = bytes[start...].firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
    rawPath = String(decoding: bytes[start..<question], as: UTF8.self)
    segments = try Self.segments(bytes, start..<question)
    query = try Self.parameters(bytes, min(question + 1, bytes.count)..<bytes.count)
  }

  /// "http://host/path" starts its path at the first "/" after the authority.
  private static func endOfAuthority(_ bytes: [UInt8]) throws(RequestTargetError) -> Int {
    for scheme in ["http://", "https://"] where bytes.starts(with: scheme.utf8) {
      let authority = bytes[scheme.utf8.count...]
      return authority.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        ?? bytes.count
    }
    throw RequestTargetError(reason: .notAPath, offset: 0)
  }

  private static func segments(
    _ bytes: [UInt8], _ range: Range<Int>
  ) throws(RequestTargetError) -> [String] {
    guard range.count > 1 else { return [] }
    var result: [String] = []
    var start = range.lowerBound + 1
    while true {
      let end = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "/"))
      result.append(try decode(bytes, start..<(end ?? range.upperBound), plusIsSpace: false))
      guard let end else { return result }
      start = end + 1
    }
  }

  private static func parameters(
    _ bytes: [UInt8], _ range: Range<Int>
  ) throws(RequestTargetError) -> [Parameter] {
    var result: [Parameter] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let end =
        bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "&")) ?? range.upperBound
      if end > start {
        let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
        result.append(
          Parameter(
            name: try decode(bytes, start..<equals, plusIsSpace: true),
            value: try decode(bytes, min(equals + 1, end)..<end, plusIsSpace: true)))
      }
      start = end + 1
    }
    return result
  }

  private static func decode(
    _ bytes: [UInt8], _ range: Range<Int>, plusIsSpace: Bool
  ) throws(RequestTargetError) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "%"):
        guard index + 2 < range.upperBound, let high = hexDigit(bytes[index + 1]),
          let low = hexDigit(bytes[index + 2])
        else { throw RequestTargetError(reason: .brokenEscape, offset: index) }
        guard high | low != 0 else { throw RequestTargetError(reason: .nulByte, offset: index) }
        decoded.append(high << 4 | low)
        index += 3
      case UInt8(ascii: "+") where plusIsSpace:
        decoded.append(UInt8(ascii: " "))
        index += 1
      case let byte:
        decoded.append(byte)
        index += 1
      }
    }
    guard let text = String(validating: decoded, as: UTF8.self) else {
      throw RequestTargetError(reason: .notUTF8, offset: range.lowerBound)
    }
    return text
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Why a request target cannot be read.
public struct RequestTargetError: Error, Equatable, Sendable {
  /// What was found.
  public enum Reason: Sendable, Equatable {
    /// Neither "/path" nor "http://host/path".
    case notAPath
    /// White space or a control character.
    case illegalByte
    /// "%" without two hexadecimal digits.
    case brokenEscape
    /// "%00".
    case nulByte
    /// The decoded segment or parameter is not UTF-8.
    case notUTF8
  }

  /// What was found.
  public let reason: Reason
  /// UTF-8 bytes from the start of the target.
  public let offset: Int

  /// One sentence for the client.
  public var message: String {
    switch reason {
    case .notAPath: "The request target must start with '/'."
    case .illegalByte: "Byte \(offset): white space and control characters must be escaped."
    case .brokenEscape: "Byte \(offset): '%' must be followed by two hexadecimal digits."
    case .nulByte: "Byte \(offset): a NUL byte is not allowed."
    case .notUTF8: "The part from byte \(offset) does not decode to UTF-8."
    }
  }
}
