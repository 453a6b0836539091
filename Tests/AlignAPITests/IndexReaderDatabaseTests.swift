import Foundation
import ModelTestSupport
import Postgres
import Records
import TestSupport
import Testing

@testable import AlignAPI

@Suite struct IndexReaderDatabaseTests {
  /// Ends the connection that it is given every other time.
  private struct BreakingSource: ChunkSource {
    var chunks: FileChunkSource
    var isBreaking = false

    mutating func next(_ connection: Connection) throws -> SourceChunk {
      isBreaking.toggle()
      if isBreaking { try connection.execute("select pg_terminate_backend(pg_backend_pid())") }
      return try chunks.next(connection)
    }
  }

  private static let others: SQLStatement = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
    """

  /// Somebody else has the lock for a moment whenever the connection is lost, and it is lost before
  /// each chunk and before the end is written down.
  @Test func lostConnectionsAreMadeAgainAndTheLockIsWaitedFor() async throws {
    try await blocking {
      let fixture = try IndexFixture()
      let path = try fixture.file(IndexFixture.compounds(5))
      let tiny = try IndexFixture.model()
      let connection = try Connection(fixture.settings)
      let model = try ModelStore(connection).register(tiny.checkpoint, folder: tiny.folder)
      let corpus = try CorpusStore(connection).findOrAdd("test")
      let store = IndexJobStore(connection)
      let source = IndexSource.file(try SourceFile(path: path))
      let id = try store.findOrAdd(source, corpus: corpus, model: model)
      _ = try store.begin(id, source: source, corpus: corpus, isStrict: false)

      let locked = try Connection(fixture.settings)
      try IndexJobStore(locked).lockForReading(id, patience: .zero)
      let rival = BackgroundStep()
      let settings = fixture.settings
      rival.begin {
        let other = try Connection(settings)
        try other.withAdvisoryLock(IndexJobStore.readerLock(id)) {
          Thread.sleep(forTimeInterval: 0.4)
        }
      }
      let waiting: SQLStatement = """
        select 1 from pg_locks where locktype = 'advisory' and not granted
        """
      while try connection.query(waiting).isEmpty { Thread.sleep(forTimeInterval: 0.01) }

      let reader = IndexReader(
        settings: settings, jobID: id, waitingLimit: 32, patience: .seconds(20),
        source: BreakingSource(chunks: FileChunkSource(try RecordReader(path: path), rowLimit: 2)))
      reader.start(from: 0, lockedBy: locked) {
        _ = try Connection(settings).query(Self.others)
      }
      reader.wait()
      #expect(reader.error == nil)
      #expect(try rival.finish())
      #expect(
        try fixture.rows(
          """
          select state, is_read::text, lines_read::text, chunks_made::text,
            (select count(*)::text from index_chunks) from index_jobs
          """) == ["working|true|6|3|3"])
    }
  }

  @Test func whoNeverGetsTheLockIsToldThatItIsBusy() throws {
    let fixture = try IndexFixture()
    let (one, two) = (try Connection(fixture.settings), try Connection(fixture.settings))
    try IndexJobStore(one).lockForReading(7, patience: .zero)
    #expect(throws: IndexError.jobIsBusy(id: 7)) {
      try IndexJobStore(two).lockForReading(7, patience: .milliseconds(60))
    }
  }
}
