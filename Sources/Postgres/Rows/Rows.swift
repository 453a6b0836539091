/// The rows that a statement returned, held in memory.
package struct Rows: Sendable, RandomAccessCollection {
  let result: ResultHandle
  let query: String

  package var startIndex: Int { 0 }
  package var endIndex: Int { result.rowCount }

  package subscript(position: Int) -> Row {
    precondition(indices.contains(position), "row \(position) of \(count)")
    return Row(result: result, index: position)
  }

  /// The names of the columns in order.
  package var columnNames: [String] { (0..<result.columnCount).map(result.columnName) }

  /// The one row that there is; throws `.rowCount` when there are none or several.
  package func single() throws(PostgresError) -> Row {
    guard count == 1 else {
      throw PostgresError(
        kind: .rowCount, message: "found \(count) rows, expected exactly one", query: query)
    }
    return self[0]
  }
}
