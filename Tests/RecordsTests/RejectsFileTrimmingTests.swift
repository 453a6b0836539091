import Foundation
import Records
import Testing

@Suite struct RejectsFileTrimmingTests {
  private let path = NSTemporaryDirectory() + "rejects-\(UUID().uuidString)"

  private func write(_ file: String, _ lines: ClosedRange<Int>) throws {
    let writer = RejectsFile(path: path)
    for line in lines {
      try writer.append(
        RejectedRecord(
          file: file, line: line, byteOffset: 0, field: "id", found: "a\tb", expected: "b",
          raw: "\\t"))
    }
  }

  /// File and line of every row.
  private func rows() throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t").prefix(2).joined(separator: " ")
    }
  }

  @Test(arguments: [#"C:\temp"#, #"C:\\new\r"#, "a\tb\nc", #"end\"#, "plain"])
  func rowsBehindTheLastLineAreTakenBack(name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let source = "/corpora/" + name
    try write(source, 2...5)
    try write("/corpora/other", 7...8)
    try RejectsFile.trim(path, source: source, behind: 3)
    let lines = try rows().map { $0.split(separator: " ").last }
    #expect(lines == ["2", "3", "7", "8"])
    try RejectsFile.trim(path, source: source, behind: 0)
    #expect(try rows() == ["/corpora/other 7", "/corpora/other 8"])
    try RejectsFile.trim(path, source: "/corpora/other", behind: 0)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func namesThatEscapeAlikeAreDifferentFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(#"/C:\temp"#, 2...2)
    try write("/C:\temp", 3...3)
    try RejectsFile.trim(path, source: "/C:\temp", behind: 0)
    #expect(try rows() == [#"/C:\\temp 2"#])
  }

  @Test func rowCutShortIsTakenBack() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write("/a", 2...2)
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    try (whole + "/b\t3\tid\treas").write(toFile: path, atomically: true, encoding: .utf8)
    try RejectsFile.trim(path, source: "/a", behind: 9)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
  }

  @Test func anotherFileIsLeftAlone() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "id\tsmiles\n".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: RecordsError.self) {
      try RejectsFile.trim(path, source: "/a", behind: 0)
    }
    #expect(error?.reason == .notRejects)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "id\tsmiles\n")
  }
}
