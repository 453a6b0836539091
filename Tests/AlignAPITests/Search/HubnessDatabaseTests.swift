import Alignment
import ModelTestSupport
import Molecule
import Postgres
import Tensor
import Testing

@testable import AlignAPI

/// Indexing and searching with the extra coordinate that holds hubs back.
@Suite struct HubnessDatabaseTests {
  private static let tiny = Result {
    try TinyModel(
      compounds: 40, batchSize: 20, seed: 3, hubness: 0.5, in: IndexFixture.makeFolder())
  }

  private let fixture: IndexFixture
  private let model: AlignmentModel
  private let engine: SearchEngine
  private let ids: [String]
  private let molecules: [MolecularGraph]

  init() throws {
    let tiny = try Self.tiny.get()
    fixture = try IndexFixture()
    let lines = try IndexFixture.compounds(40)
    let indexer = Indexer(
      checkpoint: tiny.checkpoint, modelFolder: tiny.folder, settings: fixture.settings)
    _ = try indexer.index(fixture.request(fixture.file(lines)))
    model = tiny.checkpoint.model
    engine = try SearchEngine(checkpoint: tiny.checkpoint, database: fixture.settings)
    let fields = lines.dropFirst().map { $0.split(separator: "\t").map(String.init) }
    ids = fields.map { $0[0] }
    molecules = try fields.map { try SMILESReader.read($0[2]) }
  }

  /// Ids by the inner product of a query with the stored vectors, as a full sort gives them.
  private func sorted(_ query: [Float]) -> [String] {
    let stored = HalfMatrix(rounding: model.encodeStored(molecules)).widened()
    let scores = (0..<stored.rows).map { row in
      zip(query, stored.row(row)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }
    return ids.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.map { ids[$0] }
  }

  private func found(_ query: SearchQuery) async throws -> [String] {
    try await engine.search(SearchRequest(query, target: .molecules, count: 40)).results.map(
      \.sourceID)
  }

  @Test func databaseHoldsTheStoredLength() throws {
    #expect(try fixture.rows("select dimension::text from models") == ["17"])
    #expect(
      try fixture.rows("select distinct octet_length(vector)::text from embeddings") == ["34"])
  }

  @Test func textFindsMoleculesWithHubsHeldBack() async throws {
    let text = "a beta blocker for hypertension"
    let expected = sorted(Array(model.encode([text]).row(0)) + [1])
    #expect(try await found(SearchQuery(text: text)) == expected)
  }

  @Test func moleculeFindsMoleculesByCosineAlone() async throws {
    let vector = Array(model.encode([molecules[5]]).row(0))
    let answer = try await engine.search(
      SearchRequest(.molecule(molecules[5]), target: .molecules, count: 40))
    #expect(answer.results.map(\.sourceID) == sorted(vector + [0]))
    #expect(abs(answer.results[0].score - 1) < 2e-3)
  }

  @Test func vectorIsSearchedLikeAQueryOfTheOtherModality() async throws {
    let vector = Array(model.encode(["an antibiotic"]).row(0))
    let query = try SearchQuery(vector: vector, dimension: model.dimension)
    #expect(try await found(query) == sorted(vector + [1]))
  }

  @Test func embeddingsStayUnitVectors() async throws {
    let vectors = try await engine.encode([try SearchQuery(text: "an antibiotic")])
    #expect(vectors.columns == 16)
    #expect(abs(vectors.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
  }
}
