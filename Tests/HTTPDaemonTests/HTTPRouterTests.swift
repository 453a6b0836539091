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
    #expect(String(decoding: response.bytes, as: UTF8.self) == expected)
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

  static let templates: HTTPRouter = {
    var router = HTTPRouter()
    for (method, path) in [
      ("GET", "/v1/items/{corpus}/{id}"), ("DELETE", "/v1/items/{corpus}/{id}"),
      ("GET", "/v1/items/search"), ("GET", "/v1/items/{corpus}"), ("PUT", "/v1/items/new/{id}"),
      ("GET", "/v1/items/{corpus}/{id}/{part}"), ("GET", "/v1/items/search/all/deep/{level}"),
      ("GET", "/{first}"),
    ] {
      router.add(method, path) { request in
        let values = request.pathParameters.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
        return HTTPResponse(
          contentType: "text/plain",
          body: Array("\(request.route ?? "none") \(values.joined(separator: ","))".utf8))
      }
    }
    return router
  }()

  @Test(
    arguments: [
      ("GET", "/v1/items/a%2Fb/7", "/v1/items/{corpus}/{id} corpus=a/b,id=7"),
      ("DELETE", "/v1/items/c/%C3%A9", "/v1/items/{corpus}/{id} corpus=c,id=é"),
      ("GET", "/v1/items/search", "/v1/items/search "),
      ("GET", "/v1/items/searching", "/v1/items/{corpus} corpus=searching"),
      ("HEAD", "/v1/items/x", "/v1/items/{corpus} corpus=x"),
      // The literal leads nowhere, the parameter does.
      ("GET", "/v1/items/search/9", "/v1/items/{corpus}/{id} corpus=search,id=9"),
      (
        "GET", "/v1/items/search/all/deep",
        "/v1/items/{corpus}/{id}/{part} corpus=search,id=all,part=deep"
      ),
      (
        "GET", "/v1/items/search/all/deep/2",
        "/v1/items/search/all/deep/{level} level=2"
      ),
      ("GET", "/v1", "/{first} first=v1"),
    ])
  func parametersTakeOneSegment(method: String, target: String, expected: String) async throws {
    let response = await Self.templates.respond(
      to: HTTPRequest(method: method, target: try RequestTarget(parsing: target)))
    #expect(String(decoding: response.bytes, as: UTF8.self) == expected)
    #expect(response.route == String(expected.prefix { $0 != " " }))
  }

  @Test(arguments: ["/v1/items//7", "/v1/items/a/", "/v1/items/", "/v1/items/a/b/c/d", "/", "*"])
  func parametersTakeNoEmptySegment(target: String) async throws {
    let response = await Self.templates.respond(
      to: HTTPRequest(method: "GET", target: try RequestTarget(parsing: target)))
    #expect(response.status == .notFound)
    #expect(response.route == nil)
  }

  @Test(
    arguments: [
      ("PUT", "/v1/items/a/7", "DELETE, GET, HEAD, OPTIONS", "/v1/items/{corpus}/{id}"),
      ("GET", "/v1/items/new/7", "OPTIONS, PUT", "/v1/items/new/{id}"),
      ("DELETE", "/v1/items/search", "GET, HEAD, OPTIONS", "/v1/items/search"),
    ])
  func otherMethodListsThoseOfTheRoute(
    method: String, target: String, allow: String, route: String
  ) async throws {
    let response = await Self.templates.respond(
      to: HTTPRequest(method: method, target: try RequestTarget(parsing: target)))
    #expect(response.status == .methodNotAllowed)
    #expect(response.headers["Allow"] == allow)
    #expect(response.route == route)
  }

  @Test(arguments: ["/a/{}", "/a/{x}y", "/a/{x}/{x}", "/a/b}", "a", "/a/{{x}}"])
  func badTemplateTraps(path: String) async {
    await #expect(processExitsWith: .failure) { [path] in
      var router = HTTPRouter()
      router.add("GET", path) { _ in HTTPResponse(status: .ok) }
    }
  }

  @Test func twoNamesOfOnePlaceTrap() async {
    await #expect(processExitsWith: .failure) {
      var router = HTTPRouter()
      router.add("GET", "/a/{x}") { _ in HTTPResponse(status: .ok) }
      router.add("PUT", "/a/{y}") { _ in HTTPResponse(status: .ok) }
    }
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
