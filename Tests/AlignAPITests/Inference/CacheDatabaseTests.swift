import Alignment
import Logging
import ModelTestSupport
import Molecule
import Postgres
import Tensor
import TestSupport
import Testing

@testable import AlignAPI

/// What is kept changes no answer but how fast it comes.
struct CacheDatabaseTests {
  let fixture: SearchFixture
  let database: ConnectionSettings
  let engine: SearchEngine

  init() throws {
    fixture = try SearchFixture.shared()
    database = try fixture.makeDatabase()
    engine = try SearchEngine(checkpoint: fixture.checkpoint, database: database, follows: true)
  }

  private func request(_ text: String, count: Int = 5) throws -> SearchRequest {
    try SearchRequest(SearchQuery(text: text), count: count)
  }

  private func untilFresh() async throws {
    let start = ContinuousClock.now
    while !engine.follower.isFresh {
      try #require(.now - start < .seconds(20), "the follower never compared versions")
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func repeatedSearchIsAnsweredFromTheCache() async throws {
    defer { engine.follower.stop() }
    try await untilFresh()
    let first = try await engine.search(request("a beta blocker"))
    let status = engine.cacheStatus.answers
    try await untilFresh()
    let second = try await engine.search(request("a beta blocker"))
    #expect(second.results == first.results)
    #expect(engine.cacheStatus.answers.hits == status.hits + 1)
    #expect(second.timings == SearchTimings())
    _ = try await engine.search(request("a beta blocker", count: 6))
    #expect(engine.cacheStatus.answers.hits == status.hits + 1)
    #expect(engine.cacheStatus.embeddings.hits == 1)
  }

  @Test func deletedItemIsGoneWithinASecond() async throws {
    defer { engine.follower.stop() }
    try await untilFresh()
    let first = try await engine.search(request("a beta blocker"))
    let best = try #require(first.results.first)
    let connection = try Connection(database)
    try connection.transaction {
      let (corpus, model) = try connection.query(
        "select corpus_id, (select id from models) from items where id = \(best.id)"
      ).single().pair()
      try connection.execute("delete from items where id = \(best.id)")
      try connection.execute("select record_change(\(corpus), \(model), '{}', \([best.id]))")
    }
    let deletion = ContinuousClock.now
    while true {
      let results = try await engine.search(request("a beta blocker")).results
      if !results.contains(where: { $0.id == best.id }) { break }
      try #require(.now - deletion < .seconds(1), "a deleted item was answered after a second")
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func answersAreNotKeptWhileChangesAreNotHeard() async throws {
    defer { engine.follower.stop() }
    let deaf = try SearchEngine(checkpoint: fixture.checkpoint, database: database)
    for _ in 0..<3 { _ = try await deaf.search(request("a beta blocker")) }
    #expect(deaf.cacheStatus.answers.hits == 0 && deaf.cacheStatus.answers.entries == 0)
    #expect(deaf.cacheStatus.embeddings.hits == 2)
  }

  @Test func spellingsOfOneInputShareAnEmbedding() async throws {
    defer { engine.follower.stop() }
    let inputs = try [
      SearchQuery(text: "β-1  Blocker"), SearchQuery(text: "beta-1 blocker"),
      SearchQuery(smiles: "OCC"), SearchQuery(smiles: "CCO"), SearchQuery(text: "CCO"),
    ]
    let vectors = try await engine.encode(inputs)
    #expect(engine.cacheStatus.embeddings.entries == 3)
    let again = try await engine.encode(inputs)
    #expect(engine.cacheStatus.embeddings.hits == 5)
    for row in 0..<inputs.count {
      for (a, b) in zip(vectors.row(row), again.row(row)) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func cachesOfNoBytesKeepNothing() async throws {
    defer { engine.follower.stop() }
    var inference = InferenceConfiguration()
    inference.embeddingCacheBytes = 0
    inference.answerCacheBytes = 0
    let plain = try SearchEngine(
      checkpoint: fixture.checkpoint, database: database, inference: inference, follows: true)
    defer { plain.follower.stop() }
    for _ in 0..<2 { _ = try await plain.search(request("a beta blocker")) }
    #expect(plain.cacheStatus.embeddings.entries == 0 && plain.cacheStatus.answers.entries == 0)
  }

  /// After a restore an id may be another item's, under versions that were seen before.
  @Test func nothingKnownOfItemsOutlivesARestore() async throws {
    defer { engine.follower.stop() }
    let filter = SearchFilter.substructure(
      SubstructureQuery(try SMARTSPattern(parsing: "c1ccccc1")))
    let rings = try SearchRequest(SearchQuery(text: "a beta blocker"), count: 60, filter: filter)
    try await untilFresh()
    let first = try await engine.search(rings)
    let best = try #require(first.results.first)
    let generation = engine.corpora.items.generation
    let connection = try Connection(database)
    try connection.transaction {
      try connection.execute("update items set smiles = 'CC', screen = null where id = \(best.id)")
      try connection.execute("update database_epoch set epoch = gen_random_uuid()")
    }
    let restore = ContinuousClock.now
    while engine.corpora.items.generation == generation {
      try #require(.now - restore < .seconds(20), "the restore was never seen")
      try await Task.sleep(for: .milliseconds(5))
    }
    try await untilFresh()
    let second = try await engine.search(rings)
    #expect(second.results.map(\.id) == first.results.dropFirst().map(\.id))
    let all = try await engine.search(request("a beta blocker", count: 60))
    #expect(all.results.first { $0.id == best.id }?.smiles == "CC")
  }
}

extension Row {
  fileprivate func pair() throws -> (Int64, Int64) {
    (try value(at: 0), try value(at: 1))
  }
}
