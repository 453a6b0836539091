/// One row of a result.
///
/// It keeps the result alive, so it may outlive the query.
package struct Row: Sendable {
  let result: ResultHandle
  let index: Int

  /// The value of a column by name; O(columns).
  ///
  /// Throws `.column` naming the column, what it holds and what was expected.
  package func value<Value: ColumnValue>(
    _ column: String, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    try Value(cell(column))
  }

  /// The value of a column by its place, counted from 0.
  package func value<Value: ColumnValue>(
    at column: Int, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    try Value(cell(column))
  }

  /// Whether a column, counted from 0, is NULL.
  package func isNull(at column: Int) -> Bool { cell(column).isNull }

  /// Lends a `bytea` column as numbers in this machine's byte order, without a copy.
  ///
  /// Throws `.column` when the length is not a multiple of the element's size. libpq aligns binary
  /// values to eight bytes; larger alignments trap.
  package func withElements<Element: BitwiseCopyable, Value>(
    at column: Int, as element: Element.Type, _ body: (Span<Element>) throws -> Value
  ) throws -> Value {
    precondition(MemoryLayout<Element>.alignment <= 8, "\(Element.self) needs a larger alignment")
    let cell = cell(column)
    return try unsafe cell.withBytes(of: [.bytea]) { bytes in
      guard bytes.count.isMultiple(of: MemoryLayout<Element>.stride) else {
        throw cell.error(
          found: "\(bytes.count) bytes",
          expected: "a multiple of \(MemoryLayout<Element>.stride) bytes")
      }
      return try unsafe body(bytes.assumingMemoryBound(to: Element.self).span)
    }
  }

  private func cell(_ name: String) throws(PostgresError) -> Cell {
    guard let column = result.columnIndex(name) else {
      let names = (0..<result.columnCount).map(result.columnName).joined(separator: ", ")
      throw PostgresError(
        kind: .column, message: "column \"\(name)\" is not in the result, which has: \(names)")
    }
    return Cell(result: result, row: index, column: column)
  }

  private func cell(_ column: Int) -> Cell {
    precondition(
      (0..<result.columnCount).contains(column), "column \(column) of \(result.columnCount)")
    return Cell(result: result, row: index, column: column)
  }
}

/// One value of a result, still in its binary form.
package struct Cell {
  let result: ResultHandle
  let row: Int
  let column: Int

  var type: PostgresType { result.columnType(column) }

  var isNull: Bool {
    unsafe result.withBytes(row: row, column: column) { bytes in unsafe bytes == nil }
  }

  /// Gives `body` the bytes; throws `.column` when the value is NULL or of none of the types.
  func withBytes<Value>(
    of types: Set<PostgresType>, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) throws -> Value {
    try checkType(types)
    return try unsafe result.withBytes(row: row, column: column) { bytes in
      guard let bytes = unsafe bytes else { throw nullError(types) }
      return try unsafe body(bytes)
    }
  }

  /// The bytes, copied; throws as `withBytes`.
  func bytes(of types: Set<PostgresType>) throws(PostgresError) -> [UInt8] {
    try checkType(types)
    return try unsafe result.withBytes(row: row, column: column) {
      bytes throws(PostgresError) in
      guard let bytes = unsafe bytes else { throw nullError(types) }
      return unsafe [UInt8](bytes)
    }
  }

  func error(found: String, expected: String) -> PostgresError {
    PostgresError(
      kind: .column,
      message: "column \"\(result.columnName(column))\" of row \(row): "
        + "found \(found), expected \(expected)")
  }

  private func checkType(_ types: Set<PostgresType>) throws(PostgresError) {
    guard types.contains(type) else {
      throw error(found: type.description, expected: Self.list(types))
    }
  }

  private func nullError(_ types: Set<PostgresType>) -> PostgresError {
    error(found: "NULL", expected: Self.list(types))
  }

  private static func list(_ types: Set<PostgresType>) -> String {
    types.map(\.description).sorted().joined(separator: " or ")
  }
}
