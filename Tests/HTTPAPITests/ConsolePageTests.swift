import Digest
import Foundation
import HTTPDaemon
import Testing

@testable import HTTPAPI

struct ConsolePageTests {
  private let page = ConsolePage(
    page: "<style>{{style}}</style><script>{{script}}</script>", style: "p{}", script: "f()")

  @Test func styleAndScriptTakeTheirPlaces() {
    #expect(String(decoding: page.body, as: UTF8.self) == "<style>p{}</style><script>f()</script>")
  }

  @Test func policyAllowsThisScriptByItsDigestAndNothingInline() {
    // printf 'f()' | openssl dgst -sha256 -binary | base64
    #expect(
      page.policy.contains("script-src 'sha256-GcEEE0IkDzIP5EQ6DXZaDPORqT5RTBELX8Fyzyg9yvo='"))
    #expect(page.policy.hasPrefix("default-src 'none'; "))
    #expect(!page.policy.contains("unsafe"))
    #expect(!page.policy.contains("http"))
  }

  @Test func aPageThatTheBrowserHasIsNotSentAgain() {
    var request = HTTPRequest(method: "GET", target: Self.root)
    let first = page.response(to: request)
    #expect(first.status == .ok)
    #expect(first.headers["Content-Type"] == "text/html; charset=utf-8")
    request.headers["If-None-Match"] = first.headers["ETag"]
    let second = page.response(to: request)
    #expect(second.status == .notModified)
    #expect(second.bytes.isEmpty)
    request.headers["If-None-Match"] = "\"another\""
    #expect(page.response(to: request).status == .ok)
  }

  @Test func theEmbeddedPageNamesNoOtherServer() throws {
    let text = String(decoding: ConsolePage.embedded.body, as: UTF8.self)
    #expect(!text.contains("{{"))
    // Names of XML namespaces are no addresses that a browser asks.
    let rest = text.replacingOccurrences(of: "http://www.w3.org/", with: "")
    #expect(!rest.contains("http://") && !rest.contains("https://"))
  }

  private static let root: RequestTarget = {
    guard let target = try? RequestTarget(parsing: "/") else {
      preconditionFailure("'/' is a path")
    }
    return target
  }()
}
