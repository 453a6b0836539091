/// Why a safetensors file could not be read or written.
public struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    /// The system refused to open, read or write; its own words.
    case system(String)
    /// The file ends before byte `expected`; it has `found` bytes.
    case truncated(expected: Int, found: Int)
    /// The file goes on after byte `expected`, where the last tensor ends; it has `found` bytes.
    case trailingBytes(expected: Int, found: Int)
    /// The header is not the JSON that the format asks for.
    case malformedHeader(String)
    /// A tensor's entry contradicts itself or the file.
    case malformedTensor(name: String, String)
    /// A tensor that the caller needs is not there.
    case missingTensor(name: String, expected: String)
    /// A tensor that the caller needs is of another type or number of dimensions.
    case mismatchedTensor(name: String, found: String, expected: String)
  }

  /// The file.
  public let path: String
  /// What went wrong.
  public let reason: Reason

  /// Names the file and the reason.
  package init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// A sentence for people.
  public var description: String {
    switch reason {
    case .system(let words): "\(path): \(words)"
    case .truncated(let expected, let found):
      "\(path): truncated: \(found) bytes found, \(expected) expected"
    case .trailingBytes(let expected, let found):
      "\(path): \(found) bytes found, \(expected) expected: bytes after the last tensor"
    case .malformedHeader(let words): "\(path): safetensors header: \(words)"
    case .malformedTensor(let name, let words): "\(path): tensor '\(name)': \(words)"
    case .missingTensor(let name, let expected):
      "\(path): tensor '\(name)' (\(expected)) is missing"
    case .mismatchedTensor(let name, let found, let expected):
      "\(path): tensor '\(name)': \(found) found, \(expected) expected"
    }
  }
}
