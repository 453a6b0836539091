import CLibPQ

extension Connection {
  /// Runs a statement, hands out each row as it arrives, and returns the number of rows.
  ///
  /// A large result never lies in memory as a whole.
  ///
  /// libpq's single-row mode in binary format. An error of `body` cancels the statement on the
  /// server and is thrown; the connection stays usable.
  @discardableResult
  package func forEachRow(
    _ statement: SQLStatement, _ body: (Row) throws -> Void
  ) throws -> Int {
    let text = statement.text
    return try unsafe exclusively { handle in
      let sent = unsafe withParameters(statement.binds) { count, types, values, lengths, formats in
        unsafe PQsendQueryParams(handle, text, count, types, values, lengths, formats, 1)
      }
      guard sent == 1 else { throw unsafe failure(handle, query: text) }
      unsafe PQsetSingleRowMode(handle)
      var rows = 0
      do {
        while let next = unsafe PQgetResult(handle) {
          let result = try unsafe checked(next, handle, query: text)
          if result.status == PGRES_SINGLE_TUPLE {
            try body(Row(result: result, index: 0))
            rows += 1
          }
        }
      } catch {
        unsafe cancel(handle)
        unsafe discardResults(handle)
        throw error
      }
      return rows
    }
  }
}

/// Asks the server to stop the running statement.
///
/// It may be too late, which is fine.
private func cancel(_ handle: OpaquePointer) {
  guard unsafe PQtransactionStatus(handle) == PQTRANS_ACTIVE,
    let request = unsafe PQgetCancel(handle)
  else { return }
  var reason = [CChar](repeating: 0, count: 256)
  _ = unsafe PQcancel(request, &reason, 256)
  unsafe PQfreeCancel(request)
}

/// Reads to the end of the running statement.
func discardResults(_ handle: OpaquePointer) {
  while let rest = unsafe PQgetResult(handle) {
    // A COPY that a lost connection keeps from ending would be reported for ever.
    let isCopy = unsafe PQresultStatus(rest) == PGRES_COPY_IN
    unsafe PQclear(rest)
    if isCopy { return }
  }
}
