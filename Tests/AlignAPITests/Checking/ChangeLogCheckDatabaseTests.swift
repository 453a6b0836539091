import AlignAPI
import ModelTestSupport
import Postgres
import Testing

@Suite struct ChangeLogCheckDatabaseTests {
  /// A corpus at this version, with these versions in its log.
  private func corpus(
    _ fixture: StoreFixture, version: Int, log: [Int]
  ) throws -> StoredCorpus {
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c\(version)")
    try fixture.connection.execute(
      "update corpora set version = \(version) where id = \(corpus.id)")
    for entry in log {
      try fixture.connection.execute(
        "insert into changes (corpus_id, version) values (\(corpus.id), \(entry))")
    }
    return corpus
  }

  private func repaired(_ fixture: StoreFixture) throws -> Int {
    let results = try DatabaseCheck(coding: nil).run(fixture.connection, repair: true)
    #expect(results.allSatisfy { $0.isClean })
    return results.reduce(0) { $0 + $1.repaired }
  }

  private func log(_ fixture: StoreFixture, _ corpus: StoredCorpus) throws -> [String] {
    try fixture.texts(
      "select version::text from changes where corpus_id = \(corpus.id) order by version")
  }

  @Test(arguments: [(0, []), (5, []), (5, [1, 2, 3, 4, 5]), (5, [4, 5]), (5, [5])])
  func aLogThatEndsAtTheVersionIsWhole(version: Int, log: [Int]) throws {
    let fixture = try StoreFixture()
    let corpus = try corpus(fixture, version: version, log: log)
    #expect(try repaired(fixture) == 0)
    #expect(try self.log(fixture, corpus) == log.map(String.init))
  }

  /// Servers behind the gap have to load anew, so they must not find what is before it.
  @Test(arguments: [
    (version: 7, [1, 2, 4, 6, 7], [6, 7]), (7, [1, 2, 3], []), (3, [1, 3], [3]),
    (2, [1, 2, 3], [1, 2, 3]),
  ])
  func whatStandsBeforeAGapGoes(version: Int, log: [Int], left: [Int]) throws {
    let fixture = try StoreFixture()
    let corpus = try corpus(fixture, version: version, log: log)
    #expect(try repaired(fixture) == 1)
    #expect(try self.log(fixture, corpus) == left.map(String.init))
    let now = try fixture.texts("select version::text from corpora")
    #expect(now == ["\(max(version, log.max() ?? 0))"])
    try fixture.connection.execute("select record_change(\(corpus.id), null, '{}', '{}')")
    #expect(try repaired(fixture) == 0)
  }
}
