/// What is wrong with a line or record that cannot be used.
public struct RecordProblem: Sendable, Hashable, CustomStringConvertible {
  /// What should have been there.
  public let expected: String
  /// What was there.
  public let found: String

  /// A problem of those two.
  public init(expected: String, found: String) {
    self.expected = expected
    self.found = found
  }

  /// The problem as a clause: "expected 3 columns, found 2".
  public var description: String { "expected \(expected), found \(found)" }
}
