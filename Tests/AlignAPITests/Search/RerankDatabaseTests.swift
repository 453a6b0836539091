import Alignment
import Foundation
import ModelTestSupport
import Molecule
import Postgres
import TestSupport
import Testing

@testable import AlignAPI

/// Searches whose best molecules are ordered anew.
@Suite struct RerankDatabaseTests {
  /// A tiny model with a re-ranker of its ten best candidates.
  private struct Pair: Sendable {
    let model: TinyModel
    let reranker: Reranker
  }

  private static let pair = Result {
    let folder = try IndexFixture.makeFolder()
    let model = try TinyModel(compounds: 40, batchSize: 20, seed: 3, in: folder)
    var configuration = RerankConfiguration()
    configuration.width = 8
    configuration.hiddenWidth = 8
    configuration.depth = 10
    configuration.folds = 2
    configuration.foldEpochs = 1
    configuration.negatives = 4
    configuration.learningRate = 0.05
    let pairs = folder + "/pairs.tsv"
    _ = try RerankRun(
      model: model.folder,
      files: TrainingFiles(
        pairs: [PairsFile(path: pairs)], dev: PairsFile(path: pairs), pool: pairs),
      configuration: configuration, destination: folder + "/rerank"
    ).train { _ in }
    return Pair(
      model: model,
      reranker: try Reranker(contentsOf: folder + "/rerank", for: model.checkpoint))
  }

  private let fixture: IndexFixture
  private let reranker: Reranker
  private let plain: SearchEngine
  private let engine: SearchEngine

  init() async throws {
    let pair = try await blocking { try Self.pair.get() }
    fixture = try IndexFixture()
    let indexer = Indexer(
      checkpoint: pair.model.checkpoint, modelFolder: pair.model.folder,
      settings: fixture.settings)
    _ = try indexer.index(fixture.request(fixture.file(IndexFixture.compounds(40))))
    reranker = pair.reranker
    plain = try SearchEngine(checkpoint: pair.model.checkpoint, database: fixture.settings)
    engine = try SearchEngine(
      checkpoint: pair.model.checkpoint, reranker: reranker, database: fixture.settings)
  }

  private static let text = "a beta blocker for hypertension"

  private func answer(_ engine: SearchEngine, count: Int) async throws -> SearchAnswer {
    try await engine.search(SearchRequest(SearchQuery(text: Self.text), count: count))
  }

  @Test func bestMoleculesHaveTheOrderOfTheirNewScores() async throws {
    let before = try await answer(plain, count: 40).results
    let after = try await answer(engine, count: 40).results
    let best = before.prefix(10)
    let molecules = try best.map { try SMILESReader.read(try #require($0.smiles)) }
    let scores = reranker.scores(
      of: Self.text, molecules: molecules, scores: best.map(\.score))
    let expected = best.indices.sorted {
      (-scores[$0], best[$0].id) < (-scores[$1], best[$1].id)
    }
    #expect(after.prefix(10).map(\.id) == expected.map { best[$0].id })
    #expect(after.prefix(10).map(\.score) == expected.map { scores[$0] })
    #expect(after.dropFirst(10).map(\.id) == before.dropFirst(10).map(\.id))
    #expect(after.map(\.rank) == Array(1...40))
    #expect(scores != best.map(\.score))
  }

  @Test func fewResultsAreThoseOfTheWholeOrder() async throws {
    let all = try await answer(engine, count: 40)
    let few = try await answer(engine, count: 3)
    #expect(few.results == Array(all.results.prefix(3)))
    #expect(few.timings.rerank != nil)
    #expect(try await answer(plain, count: 3).timings.rerank == nil)
  }

  @Test func otherSearchesAreAsTheyWere() async throws {
    let requests = [
      try SearchRequest(SearchQuery(smiles: "CCO")),
      try SearchRequest(SearchQuery(smiles: "CCO"), target: .molecules),
      try SearchRequest(SearchQuery(text: Self.text), target: .texts),
      try SearchRequest(
        SearchQuery(vector: [Float](repeating: 1, count: 16), dimension: 16)),
    ]
    for request in requests {
      let answers = [try await plain.search(request), try await engine.search(request)]
      #expect(answers[0].results == answers[1].results)
      #expect(answers[1].timings.rerank == nil)
    }
  }

  @Test func rowWithoutAReadableMoleculeKeepsItsScore() async throws {
    let first = try await answer(plain, count: 1).results[0]
    try Connection(fixture.settings).execute(
      "update items set smiles = 'C1CC' where id = \(first.id)")
    let found = try await answer(engine, count: 40).results.first { $0.id == first.id }
    #expect(found?.score == first.score)
  }
}
