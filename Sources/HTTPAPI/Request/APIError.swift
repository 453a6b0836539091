import AlignAPI
import HTTPDaemon
import Logging
import Molecule
import Postgres

/// Why a request is not answered with its result; every error becomes one of these, once.
enum APIError: Error, Equatable {
  /// The body is not JSON.
  case malformed(JSONSyntaxError)
  /// The body is JSON and says something that cannot be done.
  case invalid([ProblemDetails.Item])
  /// The body has another media type than JSON.
  case notJSON(contentType: String)
  /// The model and its vectors are not loaded yet, or will not be.
  case notReady(String)
  /// Too many queries wait; they need about so many seconds.
  case overloaded(retryAfter: Int)
  /// The server finishes what it has begun, and ends.
  case draining
  /// The key is not good, may not do this, or has used up what it may.
  case access(AccessError)
  /// The database does not answer.
  case databaseUnavailable
  /// The client has gone.
  case cancelled
  /// As things are it cannot be done; `retryAfter` is in seconds, nil when waiting does not help.
  case refused(HTTPStatus, String, retryAfter: Int? = nil)
  /// A mistake of ours.
  case failed

  /// Sorts any error of the layers below; what the client is not told goes to the log.
  init(_ error: any Error, log: Logger) {
    switch error {
    case let error as APIError: self = error
    case let error as AccessError: self = .access(error)
    case let error as JSONSyntaxError: self = .malformed(error)
    case SearchError.overloaded(_, let seconds): self = .overloaded(retryAfter: seconds)
    case let error as SearchError:
      guard let item = error.item else { preconditionFailure("\(error) is about no field") }
      self = .invalid([item])
    case is CancellationError: self = .cancelled
    case VectorExtensionError.notEnabled:
      log.error("database: \(error.loggable)")
      self = .databaseUnavailable
    case let error as PoolError:
      log.warning("database: \(error.loggable)")
      self = .databaseUnavailable
    case let error as IdempotencyError: self = Self(error)
    case let error as IndexError: self = Self(error, log: log)
    case let error as PostgresError where error.sqlState == "53100":
      log.error("database: \(error.loggable)")
      self = .refused(.insufficientStorage, "The database's disk is full.")
    case let error as PostgresError where error.meansUnavailable:
      log.warning("database: \(error.message)")
      self = .databaseUnavailable
    default:
      log.error("request failed: \(error.loggable)")
      self = .failed
    }
  }

  /// The answer that the client gets.
  var response: HTTPResponse { problem.response(headers: headers) }

  /// What is told of it.
  var problem: ProblemDetails {
    var problem = withoutDelay
    problem.retryAfter = headers["Retry-After"].flatMap { Int($0) }
    return problem
  }

  private var withoutDelay: ProblemDetails {
    switch self {
    case .malformed(let error):
      ProblemDetails(
        status: .badRequest, detail: "The body is not JSON: \(error).",
        errors: [.init(field: "body", offset: error.offset, detail: "\(error)")])
    case .invalid(let items):
      ProblemDetails(
        status: .unprocessableContent,
        detail: items.count == 1
          ? "'\(items[0].field)' is wrong." : "\(items.count) fields are wrong.",
        errors: items)
    case .notJSON(let found):
      ProblemDetails(
        status: .unsupportedMediaType,
        detail: "Found '\(found.echoed)', expected 'application/json'.")
    case .notReady(let reason): unavailable(reason)
    case .overloaded:
      ProblemDetails(status: .tooManyRequests, detail: "Too many queries are waiting.")
    case .draining: unavailable("The server is stopping.")
    case .access(let error): error.problem
    case .databaseUnavailable: unavailable("The database does not answer.")
    case .cancelled: unavailable("The request was cancelled.")
    case .refused(let status, let detail, _): ProblemDetails(status: status, detail: detail)
    case .failed:
      ProblemDetails(
        status: .internalServerError, detail: "The server made a mistake; its log says which.")
    }
  }

  private var headers: HTTPHeaders {
    switch self {
    case .notJSON: ["Accept-Post": "application/json"]
    case .notReady, .draining, .databaseUnavailable, .cancelled: ["Retry-After": "1"]
    case .overloaded(let seconds), .refused(_, _, let seconds?): ["Retry-After": "\(seconds)"]
    case .access(let error): error.headers
    case .malformed, .invalid, .refused, .failed: [:]
    }
  }

  /// What refused the request, as the metrics call it; nil when nothing did.
  var refusal: RequestMetrics.Refusal? {
    switch self {
    case .notReady: .loading
    case .overloaded: .queueFull
    case .draining: .draining
    case .databaseUnavailable: .database
    case .access(.rateExceeded): .rateLimit
    case .access(.quotaExceeded): .quota
    case .access, .malformed, .invalid, .notJSON, .cancelled, .refused, .failed: nil
    }
  }

  private func unavailable(_ reason: String) -> ProblemDetails {
    ProblemDetails(status: .serviceUnavailable, detail: reason)
  }
}

extension SearchError {
  /// The field that is wrong; nil when none is.
  var item: ProblemDetails.Item? {
    switch self {
    case .overloaded: nil
    case .emptyText, .textTooLong: .init(field: "text", detail: "\(self)")
    case .smilesTooLong: .init(field: "smiles", detail: "\(self)")
    case .badSMILES(let error): .init(field: "smiles", offset: error.offset, detail: "\(self)")
    case .vectorLength, .vectorNotFinite, .vectorIsZero:
      .init(field: "vector", detail: "\(self)")
    case .countOutOfRange: .init(field: "k", detail: "\(self)")
    case .unknownCorpus: .init(field: "corpus", detail: "\(self)")
    case .diversityOutOfRange: .init(field: "diversity", detail: "\(self)")
    case .rankingNotPossible: .init(field: "ranking", detail: "\(self)")
    case .groupsWithoutMolecules: .init(field: "group_by", detail: "\(self)")
    case .badCursor, .foreignCursor, .cursorNotPossible:
      .init(field: "cursor", detail: "\(self)")
    }
  }
}

extension PostgresError {
  /// No connection, a server that shuts down or starts (SQLSTATE classes 08, 53 and 57P), or a
  /// statement that took too long (57014).
  fileprivate var meansUnavailable: Bool {
    switch kind {
    case .connectFailed, .connectionLost: true
    case .server:
      ["08", "53", "57P", "57014"].contains { sqlState?.hasPrefix($0) ?? false }
    default: false
    }
  }
}

extension Error {
  /// What of an error may stand in a log: PostgreSQL's details quote rows, and those are texts and SMILES.
  var loggable: String {
    guard var error = self as? PostgresError else { return "\(self)" }
    error.detail = nil
    return "\(error)"
  }
}
