/// Why a snapshot cannot be written or read.
public struct SnapshotError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong with the file.
  public enum Reason: Equatable, Sendable {
    /// The system refused an operation, in its own words.
    case system(String)
    /// It does not begin as a snapshot does.
    case notASnapshot
    /// It was written by a later version; its format's number.
    case newerFormat(found: Int)
    /// It was written by an earlier version, or its number is damaged; its format's number.
    case olderFormat(found: Int)
    /// It is shorter or longer than it says, in bytes.
    case length(found: Int, expected: Int)
    /// A part does not have the checksum it was written with, or contradicts another part.
    case damaged(part: String)
  }

  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: Reason

  /// Describes a refused snapshot.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// One sentence for a log.
  public var description: String {
    switch reason {
    case .system(let words): "\(path): \(words)"
    case .notASnapshot: "\(path): not a snapshot of an index"
    case .newerFormat(let found), .olderFormat(let found):
      "\(path): format \(found), expected \(IndexSnapshot.format)"
    case .length(let found, let expected): "\(path): \(found) bytes, expected \(expected)"
    case .damaged(let part): "\(path): damaged (\(part))"
    }
  }
}
