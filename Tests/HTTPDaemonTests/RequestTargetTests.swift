import HTTPDaemon
import Testing

@Suite struct RequestTargetTests {
  @Test(
    arguments: [
      ("/", []), ("/a", ["a"]), ("/a/", ["a", ""]), ("/a%2Fb/c%20d+e", ["a/b", "c d+e"]),
      ("/caf%C3%A9", ["café"]), ("http://host:80/x/y?z", ["x", "y"]), ("http://host", []),
      ("http://host?q=1", []), ("*", []), ("?a=b", nil), ("a/b", nil),
    ] as [(String, [String]?)])
  func pathIsSplitBeforeDecoding(text: String, segments: [String]?) {
    #expect((try? RequestTarget(parsing: text))?.segments == segments)
  }

  @Test func queryKeepsOrderRepeatsAndEmptyValues() throws {
    let target = try RequestTarget(parsing: "/p?b=2&a=1%262&b=&flag&&c=x=y&%2B=+")
    #expect(target.query.map(\.name) == ["b", "a", "b", "flag", "c", "+"])
    #expect(target.query.map(\.value) == ["2", "1&2", "", "", "x=y", " "])
    #expect(target.rawPath == "/p")
  }

  @Test(
    arguments: [
      ("/ab%", RequestTargetError.Reason.brokenEscape, 3), ("/%4", .brokenEscape, 1),
      ("/%4g", .brokenEscape, 1), ("/a?b=%", .brokenEscape, 5), ("/a%00", .nulByte, 2),
      ("/x/%ff", .notUTF8, 3), ("/?k=%c3", .notUTF8, 4), ("/a b", .illegalByte, 2),
      ("/a\u{7f}", .illegalByte, 2), ("ftp://host/", .notAPath, 0), ("", .notAPath, 0),
    ])
  func badTargetNamesReasonAndOffset(
    text: String, reason: RequestTargetError.Reason, offset: Int
  ) {
    #expect {
      try RequestTarget(parsing: text)
    } throws: { error in
      let error = error as? RequestTargetError
      return error?.reason == reason && error?.offset == offset
    }
  }
}
