/// Why a digest could not be read or made.
public enum DigestError: Error, Hashable, Sendable {
  /// The text is not 64 hexadecimal digits.
  case notHexadecimal(String)
  /// The file could not be opened; `reason` is the system's own words.
  case cannotOpen(path: String, reason: String)
  /// The file could be opened but reading failed after `offset` bytes.
  case cannotRead(path: String, offset: Int, reason: String)
}

extension DigestError: CustomStringConvertible {
  /// One sentence for a log or a terminal.
  public var description: String {
    switch self {
    case .notHexadecimal(let text):
      "expected a SHA-256 digest of 64 hexadecimal digits, found \(text.utf8.count) bytes: "
        + "\"\(text.prefix(80))\""
    case .cannotOpen(let path, let reason):
      "cannot open \(path) to take its SHA-256 digest: \(reason)"
    case .cannotRead(let path, let offset, let reason):
      "cannot read \(path) after byte \(offset) to take its SHA-256 digest: \(reason)"
    }
  }
}
