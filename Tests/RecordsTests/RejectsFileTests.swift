import Foundation
import Records
import Testing

@Suite struct RejectsFileTests {
  func rejects(of text: String) throws -> (file: ScratchFile, rejects: [RejectedRecord]) {
    let file = try ScratchFile(text)
    return (file, try file.read().rejects)
  }

  @Test func rowsAreEscapedAndAppendedUnderOneHeader() throws {
    let (file, rejects) = try rejects(of: "id\tsmiles\na\tb\\\tc\n\tC\n")
    let path = file.path + ".rejects"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for reject in rejects {
      let writer = RejectsFile(path: path)
      try writer.append(reject)
      #expect(writer.count == 1)
    }
    #expect(
      try String(contentsOfFile: path, encoding: .utf8) == """
        file\tline\tfield\treason\traw
        \(file.path)\t2\t\texpected 2 columns, found 3 columns\ta\\tb\\\\\\tc
        \(file.path)\t3\tid\texpected a value, found none\t\\tC

        """)
  }

  @Test func noRejectLeavesNoFile() throws {
    let path = NSTemporaryDirectory() + "rejects-\(UUID().uuidString)"
    _ = RejectsFile(path: path)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func everyRowIsInTheFileAtOnce() throws {
    let (file, rejects) = try rejects(of: "id\tsmiles\n1\n2\n")
    let path = file.path + ".rejects"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let writer = RejectsFile(path: path)
    for (index, reject) in rejects.enumerated() {
      try writer.append(reject)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == index + 2)
    }
  }

  @Test func unwritablePlaceIsATypedError() throws {
    let (_, rejects) = try rejects(of: "id\tsmiles\n1\n")
    let reject = try #require(rejects.first)
    let error = #expect(throws: RecordsError.self) {
      try RejectsFile(path: "/nowhere/rejects.tsv").append(reject)
    }
    #expect(error?.reason == .cannotWrite && error?.file == "/nowhere/rejects.tsv")
  }
}
