/// Why a vector cannot be indexed.
public struct VectorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong with the vector.
  public enum Reason: Equatable, Sendable {
    /// The stored bytes do not hold as many values as the index asks for.
    case byteCount(found: Int, expected: Int)
    /// A value, counted from 0, is infinite or not a number.
    case notFinite(component: Int)
    /// The index already holds a vector of this id.
    case repeatedID
  }

  /// The item whose vector was refused.
  public let id: Int64
  /// What is wrong with it.
  public let reason: Reason

  /// Describes a refused vector.
  public init(id: Int64, reason: Reason) {
    self.id = id
    self.reason = reason
  }

  /// One sentence for a log.
  public var description: String {
    switch reason {
    case .byteCount(let found, let expected):
      "vector of item \(id): \(found) bytes, expected \(expected)"
    case .notFinite(let component):
      "vector of item \(id): value \(component) is not a finite number"
    case .repeatedID:
      "item \(id) has two vectors, expected one"
    }
  }
}
