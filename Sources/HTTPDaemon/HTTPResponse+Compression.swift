extension HTTPResponse {
  /// Smaller bodies gain nothing that is worth the time.
  private static let smallest = 1024

  /// This response as a client gets it that sent such a request (RFC 9110 §8.4.1.3, §12.5.3).
  ///
  /// Bytes of a compressible media type are sent in gzip when the client accepts that, with an `ETag` of
  /// their own (``EntityTag``), because the bytes differ; `Vary` tells caches. What has a
  /// `Content-Encoding` already stays as it is, and so do streams, parts of files and small bodies.
  func compressed(for request: HTTPRequest) -> HTTPResponse {
    var response = self
    if status == .notModified { response.varyByAcceptEncoding() }
    guard case .bytes(let bytes) = body, bytes.count >= Self.smallest, status.allowsBody,
      status.rawValue != 206, headers["Content-Encoding"] == nil,
      Self.isCompressible(headers["Content-Type"] ?? "")
    else { return response }
    response.varyByAcceptEncoding()
    guard ContentCoding(acceptEncoding: request.headers.values(of: "Accept-Encoding")) == .gzip
    else { return response }
    let compressed = Gzip.compress(bytes)
    guard compressed.count < bytes.count else { return response }
    response.bytes = compressed
    response.headers["Content-Encoding"] = "gzip"
    if let tag = headers["ETag"] { response.headers["ETag"] = EntityTag.ofGzip(tag) }
    return response
  }

  private mutating func varyByAcceptEncoding() {
    let named = headers.values(of: "Vary").joined(separator: ",").lowercased()
    guard !named.contains("accept-encoding"), !named.contains("*") else { return }
    headers.add("Vary", "Accept-Encoding")
  }

  /// Text in some form, but no event stream.
  static func isCompressible(_ contentType: String) -> Bool {
    let type = contentType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    if type == "text/event-stream" { return false }
    if type.hasPrefix("text/") || type.hasPrefix("chemical/") { return true }
    if type.hasSuffix("+json") || type.hasSuffix("+xml") { return true }
    return [
      "application/json", "application/x-ndjson", "application/ndjson", "application/xml",
      "application/javascript", "application/x-javascript",
    ].contains(type)
  }
}
