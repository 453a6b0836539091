/// Finds the handler of a method and path.
///
/// A path is a list of segments; `{name}` as a whole segment is a parameter and takes any one segment
/// that is not empty. Requests are compared by decoded segments, so "/a/" is not "/a" and an encoded
/// slash is no separator. A literal segment wins over a parameter, from left to right. An unknown
/// path is answered with 404, a known path with another method with 405 and `Allow`; HEAD falls back
/// to GET, OPTIONS is answered with `Allow`.
public struct HTTPRouter: Sendable {
  private var root = Node()

  /// A router without routes.
  public init() {}

  /// Adds a route, "/v1/items/{corpus}/{id}" for instance.
  ///
  /// The handler finds the parameters in ``HTTPRequest/pathParameters`` and the path as given here in
  /// ``HTTPRequest/route``. A path that is not "/…", a parameter without a name, braces elsewhere, a
  /// name twice, a second handler of a path and method, or two spellings of one path trap.
  public mutating func add(_ method: String, _ path: String, _ handler: @escaping HTTPHandler) {
    precondition(path.hasPrefix("/"), "path \(path) must start with '/'")
    let segments =
      path == "/"
      ? []
      : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let names = segments.compactMap(Self.parameterName)
    precondition(Set(names).count == names.count, "\(path) names a parameter twice")
    root.add(method, segments[...], Endpoint(path: path, names: names), handler)
  }

  /// The name in "{name}", nil for a literal segment.
  private static func parameterName(_ segment: String) -> String? {
    guard segment.contains(where: { "{}".contains($0) }) else { return nil }
    let name = segment.dropFirst().dropLast()
    precondition(
      segment.hasPrefix("{") && segment.hasSuffix("}") && !name.isEmpty
        && !name.contains(where: { "{}".contains($0) }),
      "segment \(segment) must be literal or '{name}'")
    return String(name)
  }

  /// Answers a request; this is the daemon's handler.
  public func respond(to request: HTTPRequest) async -> HTTPResponse {
    var values: [String] = []
    guard request.target.rawPath != "*",
      let endpoint = root.find(request.target.segments[...], &values)
    else {
      return ProblemDetails(
        status: .notFound, detail: "There is nothing at \(request.target.rawPath)."
      ).response()
    }
    let handlers = endpoint.handlers
    let fallback = request.method == "HEAD" ? handlers["GET"] : nil
    var response: HTTPResponse
    if let handler = handlers[request.method] ?? fallback {
      var request = request
      request.route = endpoint.path
      request.pathParameters = Dictionary(
        uniqueKeysWithValues: zip(endpoint.names, values))
      response = await handler(request)
    } else if request.method == "OPTIONS" {
      response = HTTPResponse(status: .noContent, headers: ["Allow": endpoint.allow])
    } else {
      response = ProblemDetails(
        status: .methodNotAllowed, detail: "\(request.method) is not one of \(endpoint.allow)."
      ).response(headers: ["Allow": endpoint.allow])
    }
    response.route = endpoint.path
    return response
  }
}

extension HTTPRouter {
  /// One path and its handlers by method.
  private struct Endpoint: Sendable {
    let path: String
    /// Of its parameters, in order.
    let names: [String]
    var handlers: [String: HTTPHandler] = [:]

    var allow: String {
      let added = ["OPTIONS"] + (handlers.keys.contains("GET") ? ["HEAD"] : [])
      return Set(handlers.keys).union(added).sorted().joined(separator: ", ")
    }
  }

  /// A place in the tree of segments.
  private struct Node: Sendable {
    var literals: [String: Node] = [:]
    /// At most one: what follows a parameter, whatever its name.
    var parameter: [Node] = []
    var endpoint: Endpoint?

    mutating func add(
      _ method: String, _ segments: ArraySlice<String>, _ added: Endpoint,
      _ handler: @escaping HTTPHandler
    ) {
      guard let segment = segments.first else {
        var endpoint = endpoint ?? added
        precondition(
          endpoint.path == added.path, "\(added.path) and \(endpoint.path) are one path")
        precondition(endpoint.handlers[method] == nil, "\(method) \(added.path) has two handlers")
        endpoint.handlers[method] = handler
        self.endpoint = endpoint
        return
      }
      if HTTPRouter.parameterName(segment) == nil {
        literals[segment, default: Node()].add(method, segments.dropFirst(), added, handler)
      } else {
        if parameter.isEmpty { parameter = [Node()] }
        parameter[0].add(method, segments.dropFirst(), added, handler)
      }
    }

    /// Goes back to a parameter where a literal leads nowhere; bounded by the routes there are.
    func find(_ segments: ArraySlice<String>, _ values: inout [String]) -> Endpoint? {
      guard let segment = segments.first else { return endpoint }
      let rest = segments.dropFirst()
      if let found = literals[segment]?.find(rest, &values) { return found }
      guard !segment.isEmpty, let next = parameter.first else { return nil }
      values.append(segment)
      if let found = next.find(rest, &values) { return found }
      values.removeLast()
      return nil
    }
  }
}
