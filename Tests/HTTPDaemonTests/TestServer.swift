import HTTPDaemon
import Synchronization

/// Starts a server, runs the body, drains.
func withServer<T: Sendable>(
  _ change: (inout DaemonConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler,
  _ body: (HTTPServer) async throws -> T
) async throws -> T {
  var configuration = DaemonConfiguration()
  configuration.watchInterval = .milliseconds(20)
  change(&configuration)
  let server = try HTTPServer(configuration: configuration, handler: handler)
  do {
    let result = try await body(server)
    await server.drain(deadline: .seconds(2))
    return result
  } catch {
    await server.drain(deadline: .zero)
    throw error
  }
}

/// Answers with the request's own body, and with what it saw in header fields.
let echo: HTTPHandler = { request in
  var response = HTTPResponse(contentType: "application/octet-stream", body: request.body)
  response.headers.add("X-Method", request.method)
  response.headers.add("X-Path", request.target.segments.joined(separator: "|"))
  response.headers.add(
    "X-Query", request.target.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
  return response
}

/// A handler's door that tests open, and a count of what passed.
final class Gate: Sendable {
  private let state = Mutex((isOpen: false, entered: 0, cancelled: 0))

  var entered: Int { state.withLock { $0.entered } }
  var cancelled: Int { state.withLock { $0.cancelled } }
  /// Answers 200 once the gate is open.
  var handler: HTTPHandler {
    { [self] _ in
      await pass()
      return HTTPResponse(status: .ok)
    }
  }

  func open() { state.withLock { $0.isOpen = true } }

  /// Waits until the gate is open or the task is cancelled.
  func pass() async {
    state.withLock { $0.entered += 1 }
    while !state.withLock({ $0.isOpen }) {
      do {
        try await Task.sleep(for: .milliseconds(2))
      } catch {
        state.withLock { $0.cancelled += 1 }
        return
      }
    }
  }
}
