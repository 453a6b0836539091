import AlignAPI
import Alignment
import Digest
import Foundation
import ModelTestSupport
import Postgres
import Testing

@Suite struct StoreDatabaseTests {
  @Test func namesThatAreAllTakenAreNamed() throws {
    let fixture = try IndexFixture()
    let connection = try Connection(fixture.settings)
    let model = try IndexFixture.model()
    let checksum = model.checkpoint.checksum.hexadecimal
    let names = ["tiny", "tiny-\(checksum.prefix(8))", "tiny-\(checksum)"]
    for (digit, name) in names.enumerated() {
      let other = String(repeating: "\(digit)", count: 64)
      try connection.execute(
        """
        insert into models (name, checksum, dimension, config)
        values (\(name), \(other), 16::integer, '{}')
        """)
    }
    #expect(throws: DatabaseError.modelNamesTaken(name: "tiny", checksum: checksum)) {
      try ModelStore(connection).register(model.checkpoint, folder: model.folder)
    }
  }

  @Test func aModelIsRegisteredOnce() throws {
    let fixture = try IndexFixture()
    let model = try IndexFixture.model()
    let store = ModelStore(try Connection(fixture.settings))
    let first = try store.register(model.checkpoint, folder: model.folder)
    #expect(first.name == "tiny" && first.dimension == 16)
    #expect(first.checksum == "\(model.checkpoint.checksum)")
    #expect(try store.register(model.checkpoint, folder: "/nowhere") == first)
    #expect(try store.all() == [first])
    let dimension = try fixture.rows("select config->>'dimension' from models")
    #expect(dimension == ["16"])
  }

  @Test func takenNameIsMarkedWithTheChecksum() throws {
    let fixture = try IndexFixture()
    let (one, two) = (try IndexFixture.model(0), try IndexFixture.model(1))
    let store = ModelStore(try Connection(fixture.settings))
    _ = try store.register(one.checkpoint, folder: one.folder)
    let second = try store.register(two.checkpoint, folder: two.folder)
    #expect(second.name == "tiny-" + "\(two.checkpoint.checksum)".prefix(8))
    #expect(try store.find(checksum: second.checksum) == second)
    #expect(try store.find(checksum: String(repeating: "0", count: 64)) == nil)
  }

  @Test func changedConfigurationIsNotRegistered() throws {
    let fixture = try IndexFixture()
    let model = try IndexFixture.model()
    let store = ModelStore(try Connection(fixture.settings))
    let error = #expect(throws: DatabaseError.self) {
      try store.register(model.checkpoint, folder: "/nowhere")
    }
    #expect(error == .checkpointChanged(folder: "/nowhere"))
    #expect(try store.all().isEmpty)
  }

  @Test func corporaAreCounted() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles\ttext", "a\tCC\tone", "b\tCC\t", "c\t\tthree"])
    try fixture.index(path)
    let connection = try Connection(fixture.settings)
    let store = CorpusStore(connection)
    let corpus = try #require(try store.find("test"))
    let model = try #require(try ModelStore(connection).all().first)
    #expect(try store.findOrAdd("test") == corpus)
    #expect(try store.all() == [corpus])
    #expect(try store.find("other") == nil)
    #expect(try store.counts(corpus) == CorpusCounts(items: 3, molecules: 2, texts: 2))
    let embedded = EmbeddingCounts(molecules: 2, texts: 2)
    #expect(try store.embeddingCounts(corpus, model: model) == embedded)
    #expect(try store.embeddingCounts(model: model) == embedded)
    let empty = try store.findOrAdd("other")
    #expect(
      try store.embeddingCounts(empty, model: model) == EmbeddingCounts(molecules: 0, texts: 0))
  }
}
