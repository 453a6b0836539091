import HTTPDaemon

/// Which pages of other origins may call the API (Fetch Standard, "CORS protocol").
package struct CORSPolicy: Sendable, Equatable {
  /// Origins as browsers send them, "https://lab.example"; "*" for all.
  package let origins: [String]

  package init(origins: [String] = []) {
    self.origins = origins
  }

  /// Answers a preflight; nil for any other request.
  func preflight(_ request: HTTPRequest) -> HTTPResponse? {
    guard request.method == "OPTIONS", let origin = allowed(request),
      request.headers["Access-Control-Request-Method"] != nil
    else { return nil }
    return HTTPResponse(
      status: .noContent,
      headers: [
        "Access-Control-Allow-Origin": origin, "Vary": "Origin",
        "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
        "Access-Control-Allow-Headers":
          "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, traceparent",
        "Access-Control-Max-Age": "600",
      ])
  }

  /// Adds what lets the page of the request's origin read the answer.
  func allow(_ request: HTTPRequest, in response: inout HTTPResponse) {
    guard let origin = allowed(request) else { return }
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers.add("Vary", "Origin")
    response.headers["Access-Control-Expose-Headers"] =
      "ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, traceparent, "
      + "X-Request-Id"
  }

  /// Whether pages of an origin may call the API.
  func allows(_ origin: String) -> Bool { origins.contains("*") || origins.contains(origin) }

  private func allowed(_ request: HTTPRequest) -> String? {
    guard let origin = request.headers["Origin"] else { return nil }
    if origins.contains("*") { return "*" }
    return allows(origin) ? origin : nil
  }
}
