import Digest
import HTTPDaemon

extension HTTPResponse {
  /// A validator of some bytes, strong (RFC 9110 §8.8.3): `"…"`.
  static func entityTag(of bytes: [UInt8]) -> String {
    "\"\(SHA256Digest.of(bytes: bytes).hexadecimal.prefix(32))\""
  }

  /// This answer with an entity tag, or 304 when the client has it already (RFC 9110 §13.1.2).
  ///
  /// `tag` is made of the body when nil.
  func unlessKnown(to request: HTTPRequest, tag: String? = nil) -> HTTPResponse {
    guard status == .ok else { return self }
    var response = self
    let tag = tag ?? Self.entityTag(of: bytes)
    response.headers["ETag"] = tag
    guard ["GET", "HEAD"].contains(request.method), request.matches(tag) else { return response }
    response.status = .notModified
    response.bytes = []
    response.headers["Content-Type"] = nil
    return response
  }
}

extension HTTPRequest {
  /// Whether `If-None-Match` has the tag; weak comparison.
  func matches(_ tag: String) -> Bool {
    let known = headers.values(of: "If-None-Match").flatMap { $0.split(separator: ",") }
      .map { $0.trimmingPrefix(while: \.isWhitespace) }
    func opaque(_ tag: some StringProtocol) -> String {
      var tag = String(tag)
      if tag.hasPrefix("W/") { tag.removeFirst(2) }
      while tag.last?.isWhitespace ?? false { tag.removeLast() }
      return tag
    }
    return known.contains { opaque($0) == "*" || opaque($0) == opaque(tag) }
  }
}
