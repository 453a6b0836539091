import Foundation
import HTTPDaemon
import Logging
import ModelTestSupport
import Synchronization
import Testing

@testable import HTTPAPI

struct JSONLogHandlerTests {
  private final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func logger(_ level: Logger.Level = .debug) -> Logger {
      var log = Logger(label: "test") { label in
        JSONLogHandler(label: label) { line in self.bytes.withLock { $0 += line } }
      }
      log.logLevel = level
      return log
    }

    func objects() throws -> [[String: Any]] {
      let text = bytes.withLock { String(decoding: $0, as: UTF8.self) }
      #expect(text.hasSuffix("\n"))
      return try text.split(separator: "\n").map { line in
        try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
  }

  @Test func eventIsOneObjectOnOneLine() throws {
    let lines = Lines()
    var log = lines.logger()
    log[metadataKey: "place"] = "a\n\"b\""
    log.warning(
      "bad\nthing",
      metadata: ["number": .stringConvertible(3), "list": ["x", "y"], "level": "hidden"])
    let object = try #require(try lines.objects().first)
    #expect(object["level"] as? String == "warning")
    #expect(object["logger"] as? String == "test")
    #expect(object["message"] as? String == "bad\nthing")
    #expect(object["place"] as? String == "a\n\"b\"")
    #expect(object["number"] as? Int == 3)
    #expect(object["list"] as? [String] == ["x", "y"])
    let time = try #require(object["time"] as? String)
    #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
  }

  @Test(arguments: [false, true])
  func requestsAreLoggedAndTheirTextsOnlyWhenAsked(logsQueries: Bool) async throws {
    let lines = Lines()
    let service = SearchService(version: "1", logsQueries: logsQueries, log: lines.logger())
    let handler = service.handler()
    var request = HTTPRequest(
      method: "POST", target: try RequestTarget(parsing: "/v1/search?a=secret"),
      headers: [
        "Content-Type": "application/json",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      ], body: Array(#"{"text": "secret words", "smiles": "CCO"}"#.utf8), id: "abc")
    _ = await handler(request)
    request.target = try RequestTarget(parsing: "/v1/search")
    _ = await handler(request)
    request.body = Array("{\"secret".utf8)
    _ = await handler(request)
    let objects = try lines.objects().filter { $0["message"] as? String == "request" }
    #expect(objects.count == 3)
    for (object, status) in zip(objects, [422, 503, 400]) {
      #expect(object["request_id"] as? String == "abc")
      #expect(object["trace_id"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
      #expect(object["route"] as? String == "/v1/search" && object["method"] as? String == "POST")
      #expect(object["status"] as? Int == status)
      #expect(object["milliseconds"] is Double)
    }
    #expect(lines.text.contains("secret") == logsQueries)
    #expect(lines.text.contains("CCO") == logsQueries)
  }
}
