import AlignAPI
import Foundation
import ModelTestSupport
import Postgres
import Records
import Testing

@Suite struct CorpusExportDatabaseTests {
  private func export(
    _ fixture: StoreFixture, _ corpus: StoredCorpus, _ format: CorpusExport.Format
  ) throws -> (text: String, outcome: CorpusExport.Outcome) {
    var bytes: [UInt8] = []
    let outcome = try CorpusExport(fixture.connection, corpus, format: format)
      .write { bytes += $0 }
    return (String(decoding: bytes, as: UTF8.self), outcome)
  }

  private func fill(_ fixture: StoreFixture) throws -> StoredCorpus {
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let item = try fixture.addItem(
      corpus, smiles: "CC", text: "ethane", sources: ["b"], properties: #"{"name": "one"}"#)
    try fixture.addSource("a", of: item, in: corpus, properties: #"{"name": "two", "mp": 5}"#)
    try fixture.addItem(corpus, text: "a \"word\"", sources: ["c"])
    try fixture.addItem(corpus, smiles: "C/C=C/C", sources: ["é"])
    return corpus
  }

  @Test func everySourceIDHasItsRow() throws {
    let fixture = try StoreFixture()
    let corpus = try fill(fixture)
    let tsv = try export(fixture, corpus, .tsv)
    #expect(
      tsv.text == """
        id\tsmiles\ttext\tmp\tname
        a\tCC\tethane\t5\ttwo
        b\tCC\tethane\t\tone
        c\t\ta "word"\t\t
        é\tC/C=C/C\t\t\t

        """)
    #expect(tsv.outcome == CorpusExport.Outcome(rows: 4, leftOut: 0, isComplete: true))
    let smi = try export(fixture, corpus, .smi)
    #expect(smi.text == "CC\ta\nCC\tb\nC/C=C/C\té\n")
    #expect(smi.outcome == CorpusExport.Outcome(rows: 3, leftOut: 1, isComplete: true))
    let ndjson = try export(fixture, corpus, .ndjson)
    #expect(
      ndjson.text == """
        {"id":"a","smiles":"CC","text":"ethane","mp": 5, "name": "two"}
        {"id":"b","smiles":"CC","text":"ethane","name": "one"}
        {"id":"c","text":"a \\"word\\""}
        {"id":"é","smiles":"C/C=C/C"}

        """)
  }

  /// What is written reads back as the same records.
  @Test(arguments: [CorpusExport.Format.tsv, .ndjson])
  func theFileReadsBackAsTheSameRows(format: CorpusExport.Format) throws {
    let fixture = try StoreFixture()
    let corpus = try fill(fixture)
    let path = "/tmp/ligature-export-\(UUID().uuidString).\(format.rawValue)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try export(fixture, corpus, format).text.write(
      toFile: path, atomically: true, encoding: .utf8)
    let reader = try RecordReader(path: path)
    var records: [Record] = []
    while let outcome = try reader.next() {
      guard case .record(let record) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      records.append(record)
    }
    #expect(records.map(\.id) == ["a", "b", "c", "é"])
    #expect(records.map(\.smiles) == ["CC", "CC", nil, "C/C=C/C"])
    #expect(records.map(\.text) == ["ethane", "ethane", "a \"word\"", nil])
    #expect(
      records.map(\.properties) == [["name": "two", "mp": "5"], ["name": "one"], [:], [:]])
  }

  @Test func whatColumnsCannotHoldIsNamed() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let item = try fixture.addItem(corpus, text: "two\nlines", sources: ["a"])
    #expect(throws: ExportError.value(id: "a", column: "text")) {
      try export(fixture, corpus, .tsv)
    }
    #expect(
      try export(fixture, corpus, .ndjson).text == #"{"id":"a","text":"two\nlines"}"# + "\n")
    try fixture.connection.execute(
      "update items set text = 't', properties = '{\"SMILES\": \"C\"}' where id = \(item)")
    #expect(throws: ExportError.columnName("SMILES")) { try export(fixture, corpus, .tsv) }
    try fixture.connection.execute(
      "update items set properties = '{\"list\": [1]}' where id = \(item)")
    #expect(throws: ExportError.value(id: "a", column: "list")) {
      try export(fixture, corpus, .tsv)
    }
  }

  @Test func anEmptyCorpusIsAHeader() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    #expect(try export(fixture, corpus, .tsv).text == "id\tsmiles\ttext\n")
    #expect(try export(fixture, corpus, .ndjson).text == "")
  }

  @Test func stoppingSaysThatItIsNotComplete() throws {
    let fixture = try StoreFixture()
    let corpus = try fill(fixture)
    let outcome = try CorpusExport(fixture.connection, corpus, format: .tsv).write(
      shouldStop: { true }, to: { _ in })
    #expect(!outcome.isComplete)
    #expect(try fixture.count("item_sources") == 4)
  }
}
