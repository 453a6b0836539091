/// Finds the handler of a method and path.
///
/// Paths are compared by their decoded segments, so "/a/" is not "/a". An unknown path is answered
/// with 404, a known path with another method with 405 and `Allow`; HEAD falls back to GET, OPTIONS
/// is answered with `Allow`.
public struct HTTPRouter: Sendable {
  /// By the path's segments and the method.
  private var routes: [[String]: [String: HTTPHandler]] = [:]

  /// A router without routes.
  public init() {}

  /// Adds a route; a path that is not "/…" or a second handler of a path and method traps.
  public mutating func add(_ method: String, _ path: String, _ handler: @escaping HTTPHandler) {
    precondition(path.hasPrefix("/"), "path \(path) must start with '/'")
    let segments =
      path == "/"
      ? []
      : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    precondition(routes[segments]?[method] == nil, "\(method) \(path) has two handlers")
    routes[segments, default: [:]][method] = handler
  }

  /// Answers a request; this is the daemon's handler.
  public func respond(to request: HTTPRequest) async -> HTTPResponse {
    guard request.target.rawPath != "*", let handlers = routes[request.target.segments] else {
      return ProblemDetails(
        status: .notFound, detail: "There is nothing at \(request.target.rawPath)."
      ).response()
    }
    let fallback = request.method == "HEAD" ? handlers["GET"] : nil
    guard let handler = handlers[request.method] ?? fallback else {
      let added = ["OPTIONS"] + (handlers.keys.contains("GET") ? ["HEAD"] : [])
      let allow = Set(handlers.keys).union(added).sorted().joined(separator: ", ")
      if request.method == "OPTIONS" {
        return HTTPResponse(status: .noContent, headers: ["Allow": allow])
      }
      return ProblemDetails(
        status: .methodNotAllowed, detail: "\(request.method) is not one of \(allow)."
      ).response(headers: ["Allow": allow])
    }
    return await handler(request)
  }
}
