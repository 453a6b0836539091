import HTTPDaemon
import Testing

@testable import HTTPAPI

@Suite struct BodyLinesTests {
  private func lines(_ body: [UInt8]) throws -> [String] {
    let request = HTTPRequest(
      method: "POST", target: try RequestTarget(parsing: "/"), body: body)
    var lines = try BodyLines(request)
    var found: [String] = []
    while let line = try lines.next() {
      switch line {
      case .bytes(let bytes): found.append(String(decoding: bytes, as: UTF8.self))
      case .tooLong: found.append("too long")
      }
    }
    return found
  }

  @Test(arguments: [
    ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb", ["a", "b"]),
    ("\na\n\nb\n\n", ["", "a", "", "b", ""]), ("a\rb\n", ["a\rb"]),
  ])
  func endsOfLines(body: String, expected: [String]) throws {
    #expect(try lines(Array(body.utf8)) == expected)
  }

  @Test func overlongLinesAreCountedOnly() throws {
    let long = [UInt8](repeating: 97, count: BodyLines.longestLine + 1)
    #expect(try lines(Array("a\n".utf8) + long + Array("\nb".utf8)) == ["a", "too long", "b"])
    #expect(try lines(long) == ["too long"])
    #expect(try lines([UInt8](long.dropLast())).first?.count == BodyLines.longestLine)
  }
}
