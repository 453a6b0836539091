/// A JSON document as text, bound and read as `jsonb`; the server checks its syntax.
package struct JSONText: Sendable, Equatable, BindValue {
  package var text: String

  package init(_ text: String) {
    self.text = text
  }

  package static var postgresType: PostgresType { .jsonb }

  /// Version byte 1, then the text (`jsonb_recv`).
  package func encode(into buffer: inout [UInt8]) {
    buffer.append(1)
    buffer.append(contentsOf: text.utf8)
  }
}
