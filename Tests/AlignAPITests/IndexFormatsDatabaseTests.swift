import AlignAPI
import Foundation
import ModelTestSupport
import Molecule
import Postgres
import Records
import Testing

@Suite struct IndexFormatsDatabaseTests {
  private static let items: SQLStatement = """
    select source_id, smiles, text, i.properties::text, source_line::text
    from items i join item_sources on item_id = id order by source_line
    """

  @Test(arguments: [
    ("tsv", "id\tsmiles\ttext\tn\nx\tCCO\tale\t1\n", #"x|CCO|ale|{"n": "1"}|2"#),
    ("csv", "id,smiles,text,n\nx,CCO,\"a, b\",1\n", #"x|CCO|a, b|{"n": "1"}|2"#),
    ("ndjson", "{\"id\":7,\"smiles\":\"CCO\",\"n\":1}\n", #"7|CCO|-|{"n": "1"}|1"#),
    ("txt", "CID\tSMILES\tdescription\n7\tC/C=C\\\\C\tx\n", #"7|C/C=C\C|x|{}|2"#),
    ("smi", "OCC ethanol\n", "ethanol|OCC|-|{}|1"),
    ("smiles", "OCC\n", "line 1|OCC|-|{}|1"),
    ("smi", "C |^1:0| methyl\n", "methyl|[CH3]|-|{}|1"),
  ])
  func everyFormatIsStored(ending: String, text: String, item: String) throws {
    let fixture = try IndexFixture()
    let path = fixture.folder + "/corpus.\(ending)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try fixture.index(path).rows == 1)
    #expect(try fixture.rows(Self.items) == [item])
  }

  @Test func structureFileIsStoredAsOurSMILES() throws {
    let fixture = try IndexFixture()
    let path = fixture.folder + "/corpus.sdf"
    var file: [UInt8] = []
    for (smiles, title) in [("OCC", "ethanol"), ("c1ccccc1", "")] {
      let graph = try SMILESReader.read(smiles)
      try MolfileWriter(version: .v3000).write(graph, positions: nil, title: title, to: &file)
      file += "> <mass>\n46.07\n\n$$$$\n".utf8
    }
    var text = String(decoding: file, as: UTF8.self)
    text += "bad\n\n\n  1  0  0  0  0  0 V2000\nM  END\n$$$$\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = try fixture.index(path)
    #expect(outcome.rows == 2 && outcome.rejected == 1)
    let rows = try fixture.rows(
      """
      select smiles, i.properties->>'mass', (select value::text from item_numbers where item_id = id)
      from items i join item_sources on item_id = id order by source_line
      """)
    #expect(rows == ["OCC|46.07|46.07", "c1ccccc1|46.07|46.07"])
    #expect(try fixture.rejects().first?.contains("molfile: expected a molecule") == true)
  }

  @Test func standardInputIsANewJobEachTimeAndRepeatsNothing() throws {
    let fixture = try IndexFixture()
    let saved = dup(0)
    defer {
      dup2(saved, 0)
      close(saved)
    }
    func feed(_ text: String) throws -> IndexOutcome {
      let pipe = Pipe()
      dup2(pipe.fileHandleForReading.fileDescriptor, 0)
      try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try pipe.fileHandleForWriting.close()
      var request = fixture.request("-")
      request.format = .smi
      return try fixture.indexer(chunkRows: 2).index(request)
    }
    #expect(try feed("CCO a\nCCN b\nCCC a\n").rejected == 1)
    #expect(try fixture.rejects() == ["3 id: expected an id of its own, found the id of line 1"])
    let before = try fixture.rows("select id::text, xmin::text from items order by id")
    let again = try feed("CCO a\nCCN b\n")
    #expect(again.end == .finished && again.job == 2 && again.rows == 2)
    #expect(try fixture.rows("select id::text, xmin::text from items order by id") == before)
    #expect(try fixture.rejects().isEmpty)
  }
}
