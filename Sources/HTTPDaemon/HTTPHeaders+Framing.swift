extension HTTPHeaders {
  /// Why a request with these fields must be refused, nil if it need not (RFC 9112 §3.2, §5.1, §6.3).
  ///
  /// libmicrohttpd lets some of these pass; a proxy in front might read them in another way.
  func framingProblem(version: String) -> String? {
    if let field = fields.first(where: { !Self.isToken($0.name) }) {
      return "'\(field.name)' is not a field name."
    }
    let hosts = values(of: "Host").count
    if hosts > 1 || (hosts == 0 && version == "HTTP/1.1") {
      return "Host must be given once, found \(hosts)."
    }
    let lengths = values(of: "Content-Length")
    if lengths.count > 1 || (!lengths.isEmpty && self["Transfer-Encoding"] != nil) {
      return "The length of the body must be given once."
    }
    if let length = lengths.first,
      length.isEmpty || !length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        || UInt64(length) == nil
    {
      return "Content-Length must be a number of bytes, found '\(length)'."
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
