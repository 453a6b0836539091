import Foundation
import ModelTestSupport
import Postgres
import TestSupport
import Testing

@testable import AlignAPI

@Suite struct IndexQueueDatabaseTests {
  private func queue(_ fixture: IndexFixture, rows: Int = 6, chunkRows: Int = 2) throws
    -> IndexQueueFixture
  {
    let path = try fixture.file(IndexFixture.compounds(rows))
    return try IndexQueueFixture(path, in: fixture, chunkRows: chunkRows)
  }

  @Test func chunksAreTakenOnceAndInOrder() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture)
    let numbers = try (0..<4).map { _ in try queue.take()?.lease.number }
    #expect(numbers == [1, 2, 3, nil])
  }

  @Test func workerWhoseLeaseRanOutStoresNothing() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture)
    let late = try #require(try queue.take(lease: .zero))
    let second = try #require(try queue.take())
    #expect(second.lease.number == 1 && second.lease.attempt == 2)
    #expect(throws: ChunkInterruption.leaseLost) { try queue.store(late) }
    #expect(try fixture.rows("select id::text from items").isEmpty)
    try queue.store(second)
    #expect(throws: ChunkInterruption.leaseLost) { try queue.store(second) }
    #expect(
      try fixture.rows("select rows_indexed::text, chunks_done::text from index_jobs") == ["2|1"])
    #expect(try fixture.rows("select count(*)::text from items") == ["2"])
  }

  @Test func renewedLeaseIsKept() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture, rows: 2)
    let held = try #require(try queue.take(lease: .zero))
    try queue.store.renew([held.lease], lease: .seconds(60))
    #expect(try queue.take() == nil)
    try queue.store.release(held.lease)
    #expect(try queue.take()?.lease.attempt == 2)
  }

  @Test func chunkThatKillsItsWorkersFailsItsJobUntilRetried() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture, rows: 2)
    for _ in 0..<IndexJobStore.maximumAttempts { _ = try #require(try queue.take(lease: .zero)) }
    #expect(try queue.take() == nil)
    let failed = try queue.store.job(queue.job.id)
    #expect(failed.state == .failed)
    #expect(failed.error == "chunk 1: its workers ended 10 times without having finished it")
    #expect(try queue.store.retry(queue.job.id).state == .working)
    try queue.store(#require(try queue.take()))
    #expect(try queue.store.job(queue.job.id).state == .done)
  }

  @Test func cancelledJobIsLeftAloneAndTakenUpAgain() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture)
    let held = try #require(try queue.take())
    try queue.store.cancel(queue.job.id)
    #expect(throws: ChunkInterruption.leaseLost) { try queue.store(held) }
    #expect(try queue.take() == nil)
    #expect(
      throws: IndexError.jobState(id: queue.job.id, found: .cancelled, expected: "open")
    ) { try queue.store.cancel(queue.job.id) }
    #expect(try queue.store.retry(queue.job.id).state == .working)
    #expect(
      throws: IndexError.jobState(
        id: queue.job.id, found: .working, expected: "failed or cancelled")
    ) { try queue.store.retry(queue.job.id) }
    // The same command goes on with it as well.
    try queue.store.release(held.lease)
    let outcome = try fixture.index(fixture.folder + "/corpus.tsv")
    #expect(outcome.end == .finished && outcome.rows == 6)
    #expect(throws: IndexError.unknownJob(id: 99)) { try queue.store.cancel(99) }
  }

  @Test func aChangedFileIsForgottenBesideAWorkerThatStores() async throws {
    try await blocking {
      let fixture = try IndexFixture()
      let queue = try queue(fixture)
      let id = queue.job.id
      let worker = try Connection(fixture.settings)
      let forgetting = BackgroundStep()
      try worker.transaction {
        // As a worker does: its chunk leaves the queue, then the job's counts move.
        try worker.execute("delete from index_chunks where job_id = \(id) and number = 1")
        forgetting.begin {
          try IndexJobStore(Connection(fixture.settings)).discard(id, "changed")
        }
        let waiting: SQLStatement = """
          select pid::text from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'
          """
        while try fixture.rows(waiting).isEmpty { Thread.sleep(forTimeInterval: 0.01) }
        try IndexJobStore(worker).chunkDone(id, indexed: 2, rejected: 0)
      }
      #expect(try forgetting.finish())
      #expect(
        try fixture.rows(
          """
          select state, error, chunks_made::text, rows_indexed::text,
            (select count(*)::text from index_chunks) from index_jobs
          """) == ["failed|changed|0|0|0"])
    }
  }

  @Test func anyWorkerOfTheModelHelps() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture)
    let worker = try IndexWorker(
      checkpoint: queue.checkpoint, model: queue.model, settings: fixture.settings,
      scope: .model(queue.model.id), lease: .seconds(60))
    try worker.run(
      shouldStop: { false }, isOver: { try !$0.hasWork(.model(queue.model.id)) }, report: { _ in })
    #expect(worker.chunksDone == 3)
    #expect(try queue.store.job(queue.job.id).state == .done)
    let other = WorkScope.model(queue.model.id + 1)
    #expect(try !queue.store.hasWork(other))
  }

  @Test func workerOfAnotherModelTakesNothing() throws {
    let fixture = try IndexFixture()
    let queue = try queue(fixture)
    let tiny = try IndexFixture.model(1)
    let other = try ModelStore(queue.connection).register(tiny.checkpoint, folder: tiny.folder)
    let id = queue.job.id
    #expect(
      throws: IndexError.jobOfOtherModel(id: id, found: queue.model.name, expected: other.name)
    ) { try queue.store.job(id, of: other) }
    #expect(throws: IndexError.unknownJob(id: 99)) { try queue.store.job(99, of: other) }
    #expect(try queue.store.job(id, of: queue.model).id == id)
    let scope = WorkScope.job(id, model: other.id)
    let worker = try IndexWorker(
      checkpoint: tiny.checkpoint, model: other, settings: fixture.settings, scope: scope,
      lease: .seconds(60))
    try worker.run(
      shouldStop: { false }, isOver: { try !$0.hasWork(scope) }, report: { _ in })
    #expect(worker.chunksDone == 0)
    #expect(try queue.store.job(id).chunksDone == 0)
    #expect(try fixture.rows("select 1::text from embeddings").isEmpty)
  }

  @Test func readerPausesWhileChunksWait() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(IndexFixture.compounds(30))
    var indexer = try fixture.indexer(chunkRows: 1)
    indexer.waitingChunks = 2
    var most = 0
    let outcome = try indexer.index(
      fixture.request(path),
      report: { _ in
        let waiting = try? Connection(fixture.settings).query("select count(*) from index_chunks")
          .single().value(at: 0, as: Int.self)
        most = max(most, waiting ?? 99)
      })
    #expect(outcome.rows == 30 && most <= 2)
  }

  @Test func brokenConnectionsAreMadeAgain() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(IndexFixture.compounds(30))
    var breaks = 0
    let outcome = try fixture.indexer(chunkRows: 1).index(
      fixture.request(path),
      report: { event in
        guard case .progress(let now) = event, now.rows % 10 == 5 else { return }
        breaks += 1
        _ = try? Connection(fixture.settings).query(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
            and (query like '%index_chunks%' or query like '%embeddings%' or query = 'commit')
          """)
      })
    #expect(outcome.end == .finished && outcome.totalRows == 30 && breaks >= 1)
    #expect(try fixture.rows("select count(*)::text from item_sources") == ["30"])
  }
}
