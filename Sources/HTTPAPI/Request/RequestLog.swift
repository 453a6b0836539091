import HTTPDaemon
import Logging

/// What events of the log say of the request that is being answered.
struct RequestLog: Sendable {
  private let requestID: String
  private let traceID: String

  /// Bound around an operation's handler.
  @TaskLocal static var current: RequestLog?

  init(_ request: HTTPRequest, _ trace: TraceContext) {
    (requestID, traceID) = (request.id, trace.traceID)
  }

  /// The same logger, whose events name the request.
  func naming(_ log: Logger) -> Logger {
    var log = log
    log[metadataKey: "request_id"] = "\(requestID)"
    log[metadataKey: "trace_id"] = "\(traceID)"
    return log
  }
}

extension SearchService {
  /// Where what goes wrong with the current request is told; what streams takes it along.
  var requestLog: Logger { RequestLog.current?.naming(log) ?? log }
}
