import AlignAPI
import ModelTestSupport
import Postgres
import Testing

@Suite struct ChangePruningDatabaseTests {
  /// A corpus at version 6 with all of its log, in which these versions are older than is kept.
  private func corpus(_ fixture: StoreFixture, old: [Int64]) throws -> StoredCorpus {
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    for _ in 0..<6 {
      try fixture.connection.execute("select record_change(\(corpus.id), null, '{}', '{}')")
    }
    try fixture.connection.execute(
      "update changes set created_at = now() - interval '8 days' where version = any(\(old))")
    return corpus
  }

  private func versions(_ fixture: StoreFixture) throws -> String {
    try fixture.texts("select version::text from changes order by version").joined()
  }

  /// Versions are in the order of commits, moments in that of beginnings.
  @Test(
    arguments: [
      ([1, 2, 3], nil, "456"), ([1, 2, 3], 2, "3456"), ([1, 3, 4], nil, "23456"),
      ([2, 3], 5, "123456"), ([1, 2, 3, 4, 5, 6], nil, "6"), ([1, 2, 3, 4, 5, 6], 9, "6"),
      ([], nil, "123456"),
    ] as [([Int64], Int?, String)])
  func theOldestGoWithoutAGap(old: [Int64], limit: Int?, left: String) throws {
    let fixture = try StoreFixture()
    let corpus = try corpus(fixture, old: old)
    try CorpusStore(fixture.connection).pruneChanges(of: corpus, limit: limit)
    #expect(try versions(fixture) == left)
  }

  @Test func oneOfSeveralPrunes() throws {
    let fixture = try StoreFixture()
    let corpus = try corpus(fixture, old: [1, 2, 3])
    let other = try Connection(fixture.settings)
    try other.transaction {
      try CorpusStore(other).pruneChanges(of: corpus, limit: 1)
      try CorpusStore(fixture.connection).pruneChanges(of: corpus)
    }
    #expect(try versions(fixture) == "23456")
    try CorpusStore(fixture.connection).pruneChanges(of: corpus)
    #expect(try versions(fixture) == "456")
  }
}
