import Testing

@testable import HTTPDaemon

@Suite struct ContentCodingTests {
  @Test(
    arguments: [
      (["gzip"], true), (["GZip"], true), (["x-gzip"], true), (["*"], true),
      (["deflate, gzip;q=0.5, br"], true), (["br"], false), ([""], false), ([], false),
      (["gzip;q=0"], false), (["gzip;q=0.000, *"], false), (["*;q=0"], false),
      (["identity;q=0.5, gzip;q=0.4"], false), (["identity;q=0.5, gzip;q=0.501"], true),
      (["identity, gzip"], true), (["identity;q=0, *;q=0.1"], true),
      (["br", "gzip ; q=1.000"], true),
      (["gzip;q=1.001"], false), (["gzip;q=2"], false), (["gzip;q=0.5000"], false),
      (["gzip;q=.5"], false), (["gzip;q="], false), (["gzip;level=1;q=1"], false),
      (["gzip;q=0x1"], false), (["gzipped"], false), ([",, ,gzip,"], true),
    ] as [([String], Bool)])
  func acceptEncodingIsWeighed(fields: [String], isGzip: Bool) {
    #expect((ContentCoding(acceptEncoding: fields) == .gzip) == isGzip)
  }

  @Test(
    arguments: [
      ([], .identity), (["gzip"], .gzip), (["X-GZIP"], .gzip), (["identity"], .identity),
      (["identity, gzip"], .gzip), (["br"], nil), (["gzip, gzip"], nil), (["gzip", "br"], nil),
      ([""], .identity), (["deflate"], nil),
    ] as [([String], ContentCoding?)])
  func contentEncodingIsUnderstoodOrNot(fields: [String], coding: ContentCoding?) {
    #expect(ContentCoding(contentEncoding: fields) == coding)
  }

  @Test(
    arguments: [
      ("application/json", true), ("Application/JSON; charset=utf-8", true), ("text/html", true),
      ("application/problem+json", true), ("image/svg+xml", true), ("text/event-stream", false),
      ("application/x-ndjson", true), ("application/javascript", true), ("image/png", false),
      ("application/octet-stream", false), ("application/gzip", false), ("", false),
      ("chemical/x-mdl-sdfile", true),
    ])
  func textIsCompressible(type: String, isCompressible: Bool) {
    #expect(HTTPResponse.isCompressible(type) == isCompressible)
  }

  func compressed(_ response: HTTPResponse, _ accepted: String? = "gzip") throws -> HTTPResponse {
    var request = HTTPRequest(method: "GET", target: try RequestTarget(parsing: "/"))
    request.headers["Accept-Encoding"] = accepted
    return response.compressed(for: request)
  }

  @Test func tagsOfCodedBytesBelongToThePlainOnes() {
    #expect(EntityTag.ofGzip("\"\"") == "\"-gzip\"")
    for tag in ["\"a\"", "\"\"", "\"-gzip\"", "W/\"a\"", "*", "\"", ""] {
      #expect(EntityTag.plain(EntityTag.ofGzip(tag)) == tag || tag == "\"-gzip\"")
    }
  }

  @Test func codedBytesHaveATagOfTheirOwnAndCachesAreTold() throws {
    var response = HTTPResponse(
      contentType: "application/json", body: [UInt8](repeating: 48, count: 2000))
    response.headers["ETag"] = "\"a\""
    response.headers["Vary"] = "Origin"
    let gzip = try compressed(response)
    #expect(gzip.headers["ETag"] == "\"a-gzip\"")
    #expect(gzip.headers.values(of: "Vary") == ["Origin", "Accept-Encoding"])
    #expect(gzip.headers["Content-Encoding"] == "gzip")
    let plain = try compressed(response, nil)
    #expect(plain.bytes == response.bytes)
    #expect(plain.headers["ETag"] == "\"a\"")
    #expect(plain.headers.values(of: "Vary") == ["Origin", "Accept-Encoding"])
    #expect(try compressed(gzip) == gzip, "never twice")
    response.headers["Vary"] = "accept-encoding"
    response.headers["ETag"] = "W/\"a\""
    #expect(try compressed(response).headers["ETag"] == "W/\"a\"")
    #expect(try compressed(response).headers.values(of: "Vary") == ["accept-encoding"])
  }

  @Test func somethingElseStaysAsItIs() throws {
    let json = "application/json"
    let small = HTTPResponse(contentType: json, body: [UInt8](repeating: 48, count: 1023))
    let image = HTTPResponse(contentType: "image/png", body: [UInt8](repeating: 48, count: 5000))
    let stream = HTTPResponse(contentType: json, stream: HTTPStream { _ in })
    let part = HTTPResponse(
      status: HTTPStatus(rawValue: 206), headers: ["Content-Type": json],
      body: [UInt8](repeating: 48, count: 5000))
    for response in [small, image, stream, part] { #expect(try compressed(response) == response) }
    #expect(
      try compressed(HTTPResponse(status: .notModified)).headers["Vary"] == "Accept-Encoding")
  }
}
