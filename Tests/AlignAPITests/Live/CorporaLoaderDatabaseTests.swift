import Alignment
import Digest
import ModelTestSupport
import Molecule
import Postgres
import Retrieval
import Tensor
import Testing

@testable import AlignAPI

@Suite struct CorporaLoaderDatabaseTests {
  let fixture: SearchFixture
  let connection: Connection

  init() throws {
    fixture = try SearchFixture.shared()
    connection = try Connection(try fixture.makeDatabase())
  }

  private func load(
    checksum: SHA256Digest? = nil, dimension: Int = 16,
    _ modalities: [Modality] = Modality.allCases
  ) throws -> LoadedCorpora {
    try CorporaLoader(
      checksum: checksum ?? fixture.checkpoint.checksum, dimension: dimension,
      modalities: modalities, policy: IndexPolicy()
    ).load(from: connection).loaded
  }

  @Test func everyCorpusGetsItsVectorsAndItems() throws {
    let loaded = try load()
    #expect(loaded.corpora.map(\.name) == ["pairs", "bare"])
    #expect(loaded.corpora.map(\.molecules.liveCount) == [40, 20])
    #expect(loaded.corpora.map(\.texts.liveCount) == [40, 0])
    #expect(loaded.corpora.map(\.version) == [1, 1])
    #expect(loaded.itemCount == 60)
    #expect(try load(.init()).count(.molecules) == 0)
  }

  @Test func itemsKnowTheirMolecules() throws {
    let segment = try #require(try load().items.segments.first)
    for row in 0..<segment.count {
      let graph = try SMILESReader.read(fixture.compounds[row].smiles)
      let item = segment.item(row)
      #expect(item.smiles == fixture.compounds[row].smiles)
      #expect(item.hasText == SearchFixture.pairs.contains(row))
      #expect(item.screen == SubstructureScreen.bits(of: graph).words)
      var generator = MorganGenerator(radius: 2)
      #expect(item.fingerprint == generator.bits(of: graph, size: 2048).words)
      let numbers = MolecularDescriptors(of: graph)
      #expect(item.descriptors == Descriptor.allCases.map { Float($0.value(in: numbers)) })
    }
  }

  @Test func itemsOfSchemaOneAreThereWithoutDescriptors() throws {
    try connection.execute(
      "update items set screen = null, fingerprint = null, logp = null where id <= 3")
    let loaded = try load()
    #expect(loaded.itemCount == 60)
    let segment = loaded.items.segments[0]
    #expect(segment.item(0).descriptors == nil && segment.item(0).fingerprint == nil)
    // Nothing is ruled out that is not known.
    #expect(segment.item(0).screen?.allSatisfy { $0 == .max } == true)
  }

  @Test func unknownCheckpointIsRefused() {
    let other = SHA256Digest.of(bytes: [1])
    #expect(throws: VectorLoaderError.unknownModel(checksum: other)) {
      try load(checksum: other)
    }
  }

  @Test func anotherDimensionIsRefused() {
    #expect(throws: VectorLoaderError.dimension(stored: 16, expected: 32)) {
      try load(dimension: 32)
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
      try load()
    }
    #expect(try load([.text]).count(.texts) == 40)
  }

  @Test func vectorMarkedWithAnotherCheckpointNamesItsItem() throws {
    let item: Int64 = try connection.query("select min(item_id) from embeddings").single()
      .value(at: 0)
    let other = SHA256Digest.of(bytes: [1]).hexadecimal
    try connection.execute(
      unsafeScript: "alter table embeddings drop constraint embeddings_model_id_checksum_fkey1")
    try connection.execute(
      "update embeddings set checksum = \(other) where item_id = \(item) and modality = 1")
    #expect(throws: VectorLoaderError.foreignVector(item: item)) { try load() }
  }
}
