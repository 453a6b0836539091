import HTTPDaemon
import Testing

@testable import HTTPAPI

@Suite struct ForeignPageGuardTests {
  private let guarding = ForeignPageGuard(
    isOn: true, isLoopbackOnly: true, cors: CORSPolicy(origins: ["https://lab.example"]))

  private func isAllowed(
    _ guarding: ForeignPageGuard, _ method: String, host: String?, origin: String? = nil,
    site: String? = nil
  ) throws -> Bool {
    var headers = HTTPHeaders()
    headers["Sec-Fetch-Site"] = site
    headers["Host"] = host
    headers["Origin"] = origin
    let request = HTTPRequest(
      method: method, target: try RequestTarget(parsing: "/v1/jobs"), headers: headers)
    do throws(APIError) {
      try guarding.check(request)
      return true
    } catch {
      #expect(error.problem.status == 403)
      return false
    }
  }

  @Test(arguments: [
    "127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "127.9.8.7", "a.localhost:1",
  ])
  func loopbackNamesAreAnswered(host: String) throws {
    #expect(try isAllowed(guarding, "GET", host: host))
    #expect(try isAllowed(guarding, "POST", host: host))
  }

  @Test(arguments: ["evil.example", "127.evil.example", "127.0.0.1.evil.example:8080", "10.0.0.1"])
  func reboundNamesAreNot(host: String) throws {
    #expect(try !isAllowed(guarding, "GET", host: host))
    let open = ForeignPageGuard(isOn: true, isLoopbackOnly: false, cors: CORSPolicy())
    #expect(try isAllowed(open, "GET", host: host))
  }

  @Test func pagesOfOtherOriginsMayNotWrite() throws {
    for method in ["POST", "PUT", "DELETE"] {
      for origin in ["http://evil.example", "null", "http://127.0.0.1:9090"] {
        #expect(try !isAllowed(guarding, method, host: "127.0.0.1:8080", origin: origin))
      }
      for origin in ["http://127.0.0.1:8080", "https://127.0.0.1:8080", "https://lab.example"] {
        #expect(try isAllowed(guarding, method, host: "127.0.0.1:8080", origin: origin))
      }
    }
    #expect(try isAllowed(guarding, "GET", host: "localhost", origin: "http://evil.example"))
  }

  @Test func pagesBehindAProxyAreOurOwn() throws {
    for (site, isOwn) in [("same-origin", true), ("cross-site", false), ("same-site", false)] {
      #expect(
        try isAllowed(
          guarding, "POST", host: "127.0.0.1:8080", origin: "https://ligature.example", site: site)
          == isOwn)
    }
  }

  @Test func keysNeedNoGuard() throws {
    let off = ForeignPageGuard(isOn: false, isLoopbackOnly: false, cors: CORSPolicy())
    #expect(try isAllowed(off, "POST", host: "evil.example", origin: "http://other.example"))
  }
}
