import Digest
import Foundation
import HTTPDaemon

/// `GET /`: the console, one page that asks no other server for anything.
///
/// The content security policy (CSP Level 3) lets only this style and this script run, by their
/// SHA-256, so that nothing that a corpus holds can become part of the program.
struct ConsolePage: Sendable {
  /// Made once, from the embedded files.
  static let embedded = ConsolePage(
    page: ConsoleFiles.page, style: ConsoleFiles.style, script: ConsoleFiles.script)

  let body: [UInt8]
  let policy: String
  /// Changes with any byte of the page.
  let tag: String

  /// Where the style and the script go in the page; each comes once.
  static let marks = (style: "{{style}}", script: "{{script}}")

  init(page: String, style: String, script: String) {
    precondition(
      page.components(separatedBy: Self.marks.style).count == 2
        && page.components(separatedBy: Self.marks.script).count == 2,
      "the page must have one place for the style and one for the script")
    body = Array(
      page.replacingOccurrences(of: Self.marks.style, with: style)
        .replacingOccurrences(of: Self.marks.script, with: script).utf8)
    policy = [
      "default-src 'none'", "script-src '\(Self.source(script))'",
      "style-src '\(Self.source(style))'", "connect-src 'self'", "img-src 'self' data: blob:",
      "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")
    tag = HTTPResponse.entityTag(of: body)
  }

  func response(to request: HTTPRequest) -> HTTPResponse {
    HTTPResponse(
      status: .ok,
      headers: [
        "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy,
        "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
      ], body: body
    ).unlessKnown(to: request, tag: tag)
  }

  /// A hash source: "sha256-" and the digest in Base64.
  private static func source(_ text: String) -> String {
    "sha256-" + Data(SHA256Digest.of(utf8: text).bytes).base64EncodedString()
  }
}
