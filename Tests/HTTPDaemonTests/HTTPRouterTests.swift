import HTTPDaemon
import Testing

@Suite struct HTTPRouterTests {
  static let router: HTTPRouter = {
    var router = HTTPRouter()
    for (method, path) in [
      ("GET", "/"), ("GET", "/v1/items"), ("POST", "/v1/items"), ("GET", "/v1/items/search"),
    ] {
      router.add(method, path) { _ in
        HTTPResponse(contentType: "text/plain", body: Array("\(method) \(path)".utf8))
      }
    }
    return router
  }()

  func answer(_ method: String, _ target: String) async throws -> HTTPResponse {
    await Self.router.respond(
      to: HTTPRequest(method: method, target: try RequestTarget(parsing: target)))
  }

  @Test(
    arguments: [
      ("GET", "/", "GET /"),
      ("GET", "/?x=1", "GET /"),
      ("POST", "/v1/items", "POST /v1/items"),
      ("GET", "/v1/items/search", "GET /v1/items/search"),
      ("GET", "/v1/%69tems", "GET /v1/items"),
      ("HEAD", "/v1/items", "GET /v1/items"),
    ])
  func routeIsFound(method: String, target: String, expected: String) async throws {
    let response = try await answer(method, target)
    #expect(response.status == .ok)
    #expect(String(decoding: response.body, as: UTF8.self) == expected)
  }

  @Test(arguments: [
    "/v2", "/v1", "/v1/items/", "/v1//items", "//", "*", "/v1%2Fitems", "/v1/items/1",
  ])
  func unknownPathIs404(target: String) async throws {
    let response = try await answer("GET", target)
    #expect(response.status == .notFound)
    #expect(response.headers["content-type"] == "application/problem+json")
  }

  @Test(
    arguments: [
      ("PUT", "/v1/items", "GET, HEAD, OPTIONS, POST"),
      ("POST", "/v1/items/search", "GET, HEAD, OPTIONS"),
      ("get", "/", "GET, HEAD, OPTIONS"),
    ])
  func otherMethodIs405(method: String, target: String, allow: String) async throws {
    let response = try await answer(method, target)
    #expect(response.status == .methodNotAllowed)
    #expect(response.headers["Allow"] == allow)
  }

  @Test func optionsListsMethods() async throws {
    let response = try await answer("OPTIONS", "/v1/items")
    #expect(response.status == .noContent)
    #expect(response.headers["Allow"] == "GET, HEAD, OPTIONS, POST")
  }

  @Test func routerServesLive() async throws {
    try await withServer(handler: Self.router.respond) { server in
      let port = server.port
      let responses = try await blocking {
        let client = try RawClient(port: port)
        return try ["GET /v1/items", "PUT /v1/items", "GET /none", "OPTIONS /"].map { line in
          try client.send("\(line) HTTP/1.1\r\nHost: t\r\n\r\n")
          return try client.receive(hasBody: true)
        }
      }
      #expect(responses.map { $0?.status } == [200, 405, 404, 204])
      #expect(responses[1]?.headers["Allow"] == "GET, HEAD, OPTIONS, POST")
    }
  }
}
