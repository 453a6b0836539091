import AlignAPI
import Foundation
import ModelTestSupport
import Postgres
import Testing

/// What is exported and indexed again is the same corpus.
@Suite struct CorpusRoundTripDatabaseTests {
  @Test(arguments: [CorpusExport.Format.tsv, .ndjson])
  func exportingAndIndexingAgainGivesTheSameItems(format: CorpusExport.Format) throws {
    let fixture = try IndexFixture()
    let path = try fixture.file([
      "id\tsmiles\ttext\tname\tmp", "a\tCCO\tan alcohol\tethanol\t-114", "b\tOCC\tan alcohol\t\t",
      "c\tCCO\t\tethanol\t", "d\t\twords alone\t\t7", "e\tC/C=C/C\tétude 氷\tbutene\t",
      "f\tCCO\tan alcohol\talcohol\t-114",
    ])
    try fixture.index(path)
    let connection = try Connection(fixture.settings)
    let corpus = try #require(try CorpusStore(connection).find("test"))
    var bytes: [UInt8] = []
    _ = try CorpusExport(connection, corpus, format: format).write { bytes += $0 }
    let copy = fixture.folder + "/copy.\(format.rawValue)"
    try Data(bytes).write(to: URL(filePath: copy))
    var request = fixture.request(copy)
    request.corpus = "copy"
    _ = try fixture.indexer().index(request)

    func contents(_ name: String) throws -> [String] {
      try fixture.rows(
        """
        select source_id, encode(content_key, 'hex') as key, smiles, text,
          coalesce(s.properties, i.properties)::text as properties
        from item_sources s join items i on i.id = s.item_id join corpora c on c.id = i.corpus_id
        where c.name = \(name) order by source_id
        """)
    }
    #expect(try contents("copy") == contents("test"))
    #expect(try contents("test").count == 6)
    let counts = try CorpusStore(connection).overview().map(\.counts)
    #expect(counts == [counts[0], counts[0]] && counts[0].items == 4)
    #expect(
      try DatabaseCheck(coding: nil).run(connection, repair: false).allSatisfy { $0.found == 0 })
  }
}
