import HTTPDaemon
import Testing

@testable import HTTPAPI

@Suite struct CORSPolicyTests {
  private func request(_ method: String, _ headers: HTTPHeaders) throws -> HTTPRequest {
    HTTPRequest(method: method, target: try RequestTarget(parsing: "/v1/search"), headers: headers)
  }

  @Test func onlyNamedOriginsAreAllowed() throws {
    let policy = CORSPolicy(origins: ["https://lab.example"])
    var response = HTTPResponse(status: .ok)
    policy.allow(try request("POST", ["Origin": "https://evil.example"]), in: &response)
    #expect(response.headers["Access-Control-Allow-Origin"] == nil)
    policy.allow(try request("POST", ["Origin": "https://lab.example"]), in: &response)
    #expect(response.headers["Access-Control-Allow-Origin"] == "https://lab.example")
    #expect(response.headers["Vary"] == "Origin")
  }

  @Test func preflightsAreAnswered() throws {
    let headers: HTTPHeaders = [
      "Origin": "https://lab.example", "Access-Control-Request-Method": "POST",
    ]
    let preflight = try request("OPTIONS", headers)
    #expect(CORSPolicy().preflight(preflight) == nil)
    let answer = try #require(CORSPolicy(origins: ["*"]).preflight(preflight))
    #expect(answer.status == .noContent)
    #expect(answer.headers["Access-Control-Allow-Origin"] == "*")
    #expect(CORSPolicy(origins: ["*"]).preflight(try request("POST", headers)) == nil)
  }
}
