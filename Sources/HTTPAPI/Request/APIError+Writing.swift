import AlignAPI
import HTTPDaemon
import Logging

extension APIError {
  /// A key that was used before, or is being used.
  init(_ error: IdempotencyError) {
    switch error {
    case .otherRequest:
      self = .invalid([
        .init(field: "Idempotency-Key", detail: "found one of another request, expected a new one")
      ])
    case .inFlight:
      self = .refused(
        .conflict, "A request with this Idempotency-Key is being worked on.", retryAfter: 1)
    }
  }

  init(_ error: IndexError, log: Logger) {
    switch error {
    case .unknownJob(let id): self = .refused(.notFound, "There is no job \(id).")
    case .jobState(let id, let found, let expected):
      self = .refused(.conflict, "Job \(id) is \(found.rawValue), not \(expected).")
    case .unknownModel:
      self = .refused(
        .serviceUnavailable, "The database does not have the served model any more.",
        retryAfter: 10)
    case .databaseIsFull:
      log.error("database: \(error.loggable)")
      self = .refused(.insufficientStorage, "The database's disk is full.")
    default:
      log.error("request failed: \(error.loggable)")
      self = .failed
    }
  }

  /// Nothing of that name.
  static func absent(_ kind: String, _ name: String) -> APIError {
    .refused(.notFound, "There is no \(kind) '\(name.echoed)'.")
  }
}

extension HTTPRequest {
  /// A parameter of the path.
  func pathParameter(_ name: String) -> String {
    guard let value = pathParameters[name] else {
      preconditionFailure("the route \(route ?? "") has no parameter \(name)")
    }
    return value
  }

  /// A whole number in the path, from 1; throws ``APIError`` `.refused` with 404 for anything else.
  func pathNumber(_ name: String, _ kind: String) throws(APIError) -> Int64 {
    let text = pathParameter(name)
    guard let number = Int64(text), number > 0 else { throw .absent(kind, text) }
    return number
  }
}
