/// Where a text stops being JSON (RFC 8259).
struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes from 0.
  let offset: Int
  let found: String
  let expected: String

  var description: String { "byte \(offset): found \(found), expected \(expected)" }
}
