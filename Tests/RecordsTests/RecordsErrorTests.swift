import Foundation
import Records
import Testing

@Suite struct RecordsErrorTests {
  func error(
    _ text: String, _ options: RecordReader.Options = .init(), suffix: String = ".tsv"
  ) throws -> RecordsError? {
    let file = try ScratchFile(text, suffix: suffix)
    return #expect(throws: RecordsError.self) { try file.read(options) }
  }

  @Test func missingFileIsNamed() {
    let error = #expect(throws: RecordsError.self) {
      try RecordReader(path: "/nowhere/pairs.tsv")
    }
    #expect(error?.reason == .cannotOpen)
    #expect(
      error?.description
        == "/nowhere/pairs.tsv: expected a readable file, found No such file or directory")
  }

  @Test func directoryIsRefused() {
    let error = #expect(throws: RecordsError.self) {
      try RecordReader(path: NSTemporaryDirectory())
    }
    #expect(error?.reason == .isDirectory)
  }

  @Test(arguments: ["", "\n\r\n", "\u{FEFF}"])
  func emptyFileIsRefused(text: String) throws {
    #expect(try error(text)?.reason == .emptyFile)
  }

  static let incompleteHeaders: [(String, RequiredFields, String)] = [
    ("smiles\ttext\n", [], "id"),
    ("id\tname\n", [], "smiles or text"),
    ("id\ttext\n", [.smiles], "smiles"),
    ("id\tsmiles\n", [.smiles, .text], "text"),
  ]

  @Test(arguments: incompleteHeaders)
  func missingColumnIsNamed(header: String, required: RequiredFields, field: String) throws {
    let error = try error(header, .init(required: required))
    #expect(error?.reason == .missingColumn && error?.field == field && error?.line == 1)
    #expect(error?.expected == "a column named \(field)")
    let names = header.dropLast().replacing("\t", with: ", ")
    #expect(error?.found == "the columns \(names)")
  }

  @Test func columnNamedTwiceIsRefused() throws {
    let error = try error("id\ttext\tid\n")
    #expect(error?.reason == .badHeader && error?.field == "id")
  }

  @Test func headerWithWrongQuotingIsRefused() throws {
    #expect(try error("id,\"text\n", suffix: ".csv")?.reason == .badHeader)
  }
}
