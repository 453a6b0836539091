/// Why a pool gave no connection.
package enum PoolError: Error, Sendable, Equatable, CustomStringConvertible {
  /// All connections were in use for the whole time.
  case timedOut(after: Duration, limit: Int)
  /// The pool is closed.
  case closed

  package var description: String {
    switch self {
    case .timedOut(let waited, let limit):
      "no database connection became free within \(waited); all \(limit) are in use"
    case .closed: "the pool of database connections is closed"
    }
  }
}
