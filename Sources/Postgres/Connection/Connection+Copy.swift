import CLibPQ

extension Connection {
  /// Fills a table by `COPY … FROM STDIN (FORMAT binary)` and returns the number of rows stored.
  ///
  /// When `body` or the server fails, the server forgets every row of this COPY and the error is
  /// thrown; the connection stays usable.
  package func copyIn(
    _ table: String, columns: [String], _ body: (inout CopyWriter) throws -> Void
  ) throws -> Int {
    let names = columns.map { SQLStatement.quoted(identifier: $0) }.joined(separator: ", ")
    let query =
      "copy \(SQLStatement.quoted(identifier: table)) (\(names)) from stdin (format binary)"
    return try unsafe exclusively { handle in
      guard let started = unsafe PQexec(handle, query) else {
        throw unsafe failure(handle, query: query)
      }
      if unsafe PQresultStatus(started) != PGRES_COPY_IN {
        _ = try unsafe checked(started, handle, query: query)
        preconditionFailure("COPY was answered with another command's result")
      }
      unsafe PQclear(started)
      var writer = unsafe CopyWriter(handle: handle, query: query, columnCount: columns.count)
      do {
        try body(&writer)
        return try writer.finish()
      } catch {
        writer.cancel()
        throw error
      }
    }
  }
}
