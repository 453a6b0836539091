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
    guard ["GET", "HEAD"].contains(request.method), let known = request.known(tag) else {
      return response
    }
    response.headers["ETag"] = known
    response.status = .notModified
    response.bytes = []
    response.headers["Content-Type"] = nil
    return response
  }
}

extension HTTPRequest {
  /// Whether `If-None-Match` has the tag.
  func matches(_ tag: String) -> Bool { known(tag) != nil }

  /// The tag, as the client knows it, when `If-None-Match` has it; weak comparison.
  fileprivate func known(_ tag: String) -> String? {
    func opaque(_ tag: String) -> String {
      EntityTag.plain(tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag)
    }
    for known in headers.entityTags("If-None-Match") {
      if known == "*" { return tag }
      if opaque(known) == opaque(tag) { return known }
    }
    return nil
  }
}

extension HTTPHeaders {
  /// The members of all fields of a name that lists entity tags, without the spaces around them.
  func entityTags(_ name: String) -> [String] {
    values(of: name).flatMap { $0.split(separator: ",") }.map { member in
      var tag = member.drop { $0.isWhitespace }
      while tag.last?.isWhitespace ?? false { tag.removeLast() }
      return String(tag)
    }
  }
}
