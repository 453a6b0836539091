/// Where a text stops being JSON (RFC 8259).
package struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes from 0.
  package let offset: Int
  package let found: String
  package let expected: String

  package var description: String { "byte \(offset): found \(found), expected \(expected)" }
}
