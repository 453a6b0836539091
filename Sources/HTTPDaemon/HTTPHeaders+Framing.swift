extension HTTPHeaders {
  /// Why a request with these fields must be refused, nil if it need not (RFC 9112 §3.2, §5, §6).
  ///
  /// libmicrohttpd lets some of these pass; a proxy in front might read them in another way.
  func framingProblem(method: String, version: String) -> ProblemDetails? {
    func bad(_ detail: String) -> ProblemDetails {
      ProblemDetails(status: .badRequest, detail: detail)
    }
    guard Self.isToken(method) else { return bad("'\(method)' is not a method.") }
    for field in fields {
      guard Self.isToken(field.name) else { return bad("'\(field.name)' is not a field name.") }
      guard !field.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
        return bad("The value of \(field.name) has a control character.")
      }
    }
    let hosts = values(of: "Host").count
    if hosts > 1 || (hosts == 0 && version == "HTTP/1.1") {
      return bad("Host must be given once, found \(hosts).")
    }
    let lengths = values(of: "Content-Length")
    let codings = values(of: "Transfer-Encoding")
    if lengths.count + codings.count > 1 {
      return bad("The length of the body must be given once.")
    }
    if let length = lengths.first,
      length.isEmpty || !length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        || UInt64(length) == nil
    {
      return bad("Content-Length must be a number of bytes, found '\(length)'.")
    }
    if let coding = codings.first {
      guard version != "HTTP/1.0" else { return bad("HTTP/1.0 has no Transfer-Encoding.") }
      guard HTTPHeaders.areEqual(coding, "chunked") else {
        return ProblemDetails(
          status: .notImplemented,
          detail: "Transfer-Encoding must be 'chunked', found '\(coding)'.")
      }
    }
    return nil
  }

  /// One or more `tchar` (RFC 9110 §5.6.2).
  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
