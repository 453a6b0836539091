/// Finds the handler of a method and path.
///
/// Patterns are literal segments and `{name}` parameters: "/v1/items/{id}". A literal segment wins
/// over a parameter. An unknown path is answered with 404, a known path with another method with
/// 405 and `Allow`; HEAD falls back to GET, OPTIONS is answered with `Allow`.
public struct HTTPRouter: Sendable {
  private struct Route: Sendable {
    let parameterNames: [String]
    let handler: HTTPHandler
  }

  /// A place in the tree of segments; children are indices into `nodes`.
  private struct Node: Sendable {
    var literals: [String: Int] = [:]
    var parameter: Int?
    var routes: [String: Route] = [:]
  }

  private var nodes = [Node()]

  /// A router without routes.
  public init() {}

  /// Adds a route; a malformed pattern or a second route of equal shape and method traps.
  public mutating func add(_ method: String, _ pattern: String, _ handler: @escaping HTTPHandler) {
    precondition(pattern.hasPrefix("/"), "pattern \(pattern) must start with '/'")
    var names: [String] = []
    var node = 0
    let segments =
      pattern == "/"
      ? []
      : pattern.dropFirst().split(
        separator: "/", omittingEmptySubsequences: false)
    for segment in segments {
      if segment.hasPrefix("{") {
        precondition(segment.hasSuffix("}") && segment.count > 2, "bad parameter in \(pattern)")
        let name = String(segment.dropFirst().dropLast())
        precondition(!names.contains(name), "\(pattern) names \(name) twice")
        names.append(name)
        node = child(of: node, at: \.parameter)
      } else {
        node = child(of: node, at: \.literals[String(segment)])
      }
    }
    precondition(nodes[node].routes[method] == nil, "\(method) \(pattern) has two handlers")
    nodes[node].routes[method] = Route(parameterNames: names, handler: handler)
  }

  private mutating func child(of parent: Int, at path: WritableKeyPath<Node, Int?>) -> Int {
    if let child = nodes[parent][keyPath: path] { return child }
    nodes.append(Node())
    nodes[parent][keyPath: path] = nodes.count - 1
    return nodes.count - 1
  }

  /// The methods of a path, sorted, with those the router adds; empty for an unknown path.
  public func allowedMethods(_ target: RequestTarget) -> [String] {
    guard let match = match(target.segments[...], from: 0) else { return [] }
    var methods = Set(nodes[match.node].routes.keys)
    if methods.contains("GET") { methods.insert("HEAD") }
    methods.insert("OPTIONS")
    return methods.sorted()
  }

  /// Answers a request; this is the daemon's handler.
  public func respond(to request: HTTPRequest) async -> HTTPResponse {
    guard request.target.rawPath != "*", let match = match(request.target.segments[...], from: 0)
    else {
      return ProblemDetails(
        status: .notFound, detail: "There is nothing at \(request.target.rawPath)."
      ).response()
    }
    let routes = nodes[match.node].routes
    let fallback = request.method == "HEAD" ? routes["GET"] : nil
    guard let route = routes[request.method] ?? fallback else {
      let allow = allowedMethods(request.target).joined(separator: ", ")
      if request.method == "OPTIONS" {
        return HTTPResponse(status: .noContent, headers: ["Allow": allow])
      }
      return ProblemDetails(
        status: .methodNotAllowed, detail: "\(request.method) is not one of \(allow)."
      ).response(headers: ["Allow": allow])
    }
    var request = request
    request.pathParameters = Dictionary(
      uniqueKeysWithValues: zip(route.parameterNames, match.values))
    return await route.handler(request)
  }

  /// Depth first, literals before parameters; visits each node of the tree at most once.
  private func match(
    _ segments: ArraySlice<String>, from node: Int
  ) -> (node: Int, values: [String])? {
    guard let first = segments.first else {
      return nodes[node].routes.isEmpty ? nil : (node, [])
    }
    let rest = segments.dropFirst()
    if let child = nodes[node].literals[first], let found = match(rest, from: child) {
      return found
    }
    if let child = nodes[node].parameter, !first.isEmpty, let found = match(rest, from: child) {
      return (found.node, [first] + found.values)
    }
    return nil
  }
}
