import Alignment
import Digest
import Postgres
import Retrieval
import Tensor
import Testing

@testable import AlignAPI

@Suite struct VectorLoaderDatabaseTests {
  let fixture: SearchFixture
  let connection: Connection

  init() throws {
    fixture = try SearchFixture.shared()
    connection = try Connection(try fixture.makeDatabase())
  }

  private var loader: VectorLoader {
    VectorLoader(checksum: fixture.checkpoint.checksum, dimension: 16)
  }

  @Test func everyCorpusGetsItsVectors() throws {
    let molecules = try loader.load(.molecule, from: connection)
    #expect(molecules.corpora.map(\.name) == ["pairs", "bare"])
    #expect(molecules.corpora.map(\.index.count) == [40, 20])
    let texts = try loader.load(.text, from: connection)
    #expect(texts.corpora.map(\.index.count) == [40, 0])
    let stored = Set(texts.corpora[0].index.vectors.widened().values)
    let expected = HalfMatrix(rounding: fixture.texts.gatheringRows(Array(SearchFixture.pairs)))
    #expect(stored == Set(expected.widened().values))
  }

  @Test func corpusOfOtherModelsIsNotThere() throws {
    try connection.execute("insert into corpora (name) values ('foreign')")
    #expect(try loader.load(.text, from: connection).corpora.map(\.name) == ["pairs", "bare"])
  }

  @Test func unknownCheckpointIsRefused() {
    let other = SHA256Digest.of(bytes: [1])
    #expect(throws: VectorLoaderError.unknownModel(checksum: other)) {
      try VectorLoader(checksum: other, dimension: 16).load(.text, from: connection)
    }
  }

  @Test func anotherDimensionIsRefused() {
    #expect(throws: VectorLoaderError.dimension(stored: 16, expected: 32)) {
      try VectorLoader(checksum: fixture.checkpoint.checksum, dimension: 32)
        .load(.text, from: connection)
    }
  }

  @Test func vectorOfAWrongLengthNamesItsItem() throws {
    let item: Int64 = try connection.query("select max(item_id) from embeddings").single()
      .value(at: 0)
    try connection.execute(
      "update embeddings set vector = '\\x0011' where item_id = \(item) and modality = 1")
    #expect(
      throws: VectorLoaderError.badVector(
        VectorError(id: item, reason: .byteCount(found: 2, expected: 32)))
    ) {
      try loader.load(.molecule, from: connection)
    }
    #expect(try loader.load(.text, from: connection).count == 40)
  }

  @Test func vectorMarkedWithAnotherCheckpointNamesItsItem() throws {
    let item: Int64 = try connection.query("select min(item_id) from embeddings").single()
      .value(at: 0)
    let other = SHA256Digest.of(bytes: [1]).hexadecimal
    try connection.execute(
      unsafeScript: "alter table embeddings drop constraint embeddings_model_id_checksum_fkey")
    try connection.execute(
      "update embeddings set checksum = \(other) where item_id = \(item) and modality = 1")
    #expect(throws: VectorLoaderError.foreignVector(item: item)) {
      try loader.load(.molecule, from: connection)
    }
  }
}
