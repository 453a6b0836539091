import Foundation
import Testing

@testable import AlignAPI

@Suite struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func membersKeepTheirOrderAndGetTheirCommas() {
    let text = written { json in
      json.object { json in
        json.name("z")
        json.array { json in
          json.integer(1)
          json.object { _ in }
          json.array { _ in }
          json.null()
        }
        json.name("a")
        json.string("b" as String)
        json.name("p")
        json.spelled("{\"q\": 1}")
        json.name("n")
        json.string(nil)
      }
    }
    #expect(text == #"{"z":[1,{},[],null],"a":"b","p":{"q": 1},"n":null}"#)
  }

  @Test func everyScalarSurvivesARoundTrip() throws {
    let scalars = (0..<0x300).compactMap(Unicode.Scalar.init) + ["\u{2028}", "😀", "\u{10ffff}"]
    let text = String(String.UnicodeScalarView(scalars))
    let json = written { $0.array { $0.string(text) } }
    let decoded = try JSONDecoder().decode([String].self, from: Data(json.utf8))
    #expect(decoded[0].unicodeScalars.elementsEqual(text.unicodeScalars))
  }

  @Test(
    arguments: [
      0, -0.0, 1, -1, 0.1, 1e-30, 3.4e38, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      1.0 / 3, 123_456_792,
    ] as [Float])
  func floatsReadBackAsThemselves(value: Float) throws {
    let json = written { $0.array { $0.number(value) } }
    #expect(try JSONDecoder().decode([Float].self, from: Data(json.utf8)) == [value])
  }
}
