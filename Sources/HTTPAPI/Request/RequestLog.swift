import Logging

/// The log of the request that is being answered; its events name the request.
enum RequestLog {
  /// Bound around an operation's handler; what streams takes it along.
  @TaskLocal static var current: Logger?
}

extension SearchService {
  /// Where what goes wrong with the current request is told.
  var requestLog: Logger { RequestLog.current ?? log }
}
