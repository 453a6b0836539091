/// What went wrong between Ligature and PostgreSQL.
///
/// Bound values and passwords are never part of it, apart from what the server itself puts into
/// `detail` (such as the duplicate key of a unique violation).
package struct PostgresError: Error, Sendable, Equatable {
  /// Which of the parties failed.
  package enum Kind: Sendable, Equatable {
    /// The connection string could not be read.
    case invalidSettings
    /// No connection could be made.
    case connectFailed
    /// The connection broke during or before a statement; its outcome is unknown.
    case connectionLost
    /// The server refused a statement; `sqlState` is set and the connection is still usable.
    case server
    /// A result column is absent, NULL or of another type than the code expects.
    case column
    /// A result has another number of rows than the code expects.
    case rowCount
    /// A transaction was rolled back at commit because one of its statements had failed.
    case transactionAborted
  }

  package var kind: Kind
  /// The five-character SQLSTATE (PostgreSQL documentation, appendix A), when the server sent one.
  package var sqlState: String?
  /// `ERROR`, `FATAL` or `PANIC`, when the server sent one.
  package var severity: String?
  package var message: String
  package var detail: String?
  package var hint: String?
  /// Where in `query` the error is, in characters counted from 1.
  package var position: Int?
  /// The statement's text, with `$1`… for the bound values.
  package var query: String?
  /// Host, port and database of the server; nil before a connection is tried.
  package var server: String?

  package init(kind: Kind, message: String, query: String? = nil) {
    self.kind = kind
    self.message = message
    self.query = query
  }
}

extension PostgresError: CustomStringConvertible {
  /// One line for people: message, SQLSTATE, detail, hint, and the query's beginning.
  package var description: String {
    var text = message
    if let sqlState { text += " [SQLSTATE \(sqlState)]" }
    if let detail { text += "; \(detail)" }
    if let hint { text += "; hint: \(hint)" }
    if let query {
      let line = query.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      text += "; in: \(line.prefix(200))\(line.count > 200 ? "…" : "")"
      if let position { text += " (character \(position))" }
    }
    return text
  }
}

extension String {
  /// Without the line end that libpq puts behind its messages.
  var trimmingLineEnd: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
