import CLibPQ

/// Owns one `PGresult`.
///
/// `@unchecked Sendable`: a result is complete when it is wrapped, and libpq's accessors only read
/// it, so any number of threads may read at once.
@safe final class ResultHandle: @unchecked Sendable {
  private let result: OpaquePointer

  /// Takes over `result`, which nobody else may use from here on.
  init(owning result: OpaquePointer) {
    unsafe self.result = unsafe result
  }

  deinit {
    unsafe PQclear(result)
  }

  var status: ExecStatusType { unsafe PQresultStatus(result) }
  var rowCount: Int { unsafe Int(PQntuples(result)) }
  var columnCount: Int { unsafe Int(PQnfields(result)) }

  /// Rows that the command inserted, changed, deleted, copied or selected; 0 for other commands.
  var affectedRows: Int { unsafe Int(String(cString: PQcmdTuples(result))) ?? 0 }

  func columnName(_ column: Int) -> String {
    unsafe PQfname(result, Int32(column)).map { unsafe String(cString: $0) } ?? ""
  }

  func columnType(_ column: Int) -> PostgresType {
    unsafe PostgresType(oid: PQftype(result, Int32(column)))
  }

  /// The first column of that exact name; O(columns).
  func columnIndex(_ name: String) -> Int? {
    (0..<columnCount).first { columnName($0) == name }
  }

  /// Gives `body` the value's bytes, nil for NULL.
  ///
  /// They are valid during the call.
  func withBytes<Value, Failure: Error>(
    row: Int, column: Int, _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard unsafe PQgetisnull(result, Int32(row), Int32(column)) == 0 else {
      return try body(nil)
    }
    let start = unsafe PQgetvalue(result, Int32(row), Int32(column))
    let count = unsafe Int(PQgetlength(result, Int32(row), Int32(column)))
    return try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// What the server reports about a failed statement.
  func error(query: String, connectionIsLost: Bool) -> PostgresError {
    var error = PostgresError(
      kind: connectionIsLost ? .connectionLost : .server,
      message: field(LIGATURE_DIAG_MESSAGE) ?? clientMessage,
      query: query)
    error.sqlState = field(LIGATURE_DIAG_SQLSTATE)
    error.severity = field(LIGATURE_DIAG_SEVERITY)
    error.detail = field(LIGATURE_DIAG_DETAIL)
    error.hint = field(LIGATURE_DIAG_HINT)
    error.position = field(LIGATURE_DIAG_POSITION).flatMap { Int($0) }
    return error
  }

  /// What libpq says about a failure that the server did not report.
  private var clientMessage: String {
    unsafe String(cString: PQresultErrorMessage(result)).trimmingLineEnd
  }

  private func field(_ code: CInt) -> String? {
    unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
  }
}
