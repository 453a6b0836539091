import Foundation
import Postgres

/// A chunk that a worker has taken.
package struct ChunkLease: Sendable, Hashable {
  let jobID: Int64
  let number: Int32
  /// How often the chunk was taken, this time included: whoever holds a smaller number is late.
  let attempt: Int32

  package init(jobID: Int64, number: Int32, attempt: Int32) {
    self.jobID = jobID
    self.number = number
    self.attempt = attempt
  }
}

/// Which chunks a worker takes.
package enum WorkScope: Sendable, Equatable {
  /// Those of one job of a model.
  case job(Int64, model: Int64)
  /// Those of every open job of a model.
  case model(Int64)

  var condition: SQLStatement {
    switch self {
    case .job(let id, let model): "j.id = \(id) and j.model_id = \(model)"
    case .model(let id): "j.model_id = \(id)"
    }
  }
}

extension IndexJobStore {
  /// How often a chunk is taken before its job fails.
  static let maximumAttempts: Int32 = 10

  /// "lig." in ASCII above the number: apart from the migrations' lock.
  static func readerLock(_ id: Int64) -> Int64 { 0x6c69_672e << 32 | id }

  /// Keeps others from reading for the job, as long as the connection lives.
  ///
  /// Throws ``IndexError/jobIsBusy(id:)`` when somebody holds the lock for longer than that.
  func lockForReading(_ id: Int64, patience: Duration) throws {
    let deadline = ContinuousClock.now + patience
    while try !connection.tryLockAdvisory(Self.readerLock(id)) {
      guard ContinuousClock.now < deadline else { throw IndexError.jobIsBusy(id: id) }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  /// Adds a chunk, and moves the reader's mark from `start` to `end` with it.
  ///
  /// Returns false when the job is no longer being read, or its mark is elsewhere.
  func put(
    _ payload: [UInt8], job id: Int64, from start: Int, to end: Int, bytesRead: Int
  ) throws -> Bool {
    try connection.transaction {
      let made = try connection.query(
        """
        update index_jobs set lines_read = \(end), bytes_read = \(bytesRead),
          chunks_made = chunks_made + 1, updated_at = now()
        where id = \(id) and state = 'reading' and lines_read = \(start) returning chunks_made
        """)
      guard let row = made.first else { return false }
      let number: Int32 = try row.value(at: 0)
      try connection.execute(
        """
        insert into index_chunks (job_id, number, payload) values (\(id), \(number), \(payload))
        """)
      return true
    }
  }

  /// Says that all chunks are made; the job is done when all of them are.
  func finishReading(_ id: Int64, linesRead: Int, bytesRead: Int) throws {
    try connection.execute(
      """
      update index_jobs set lines_read = \(linesRead), bytes_read = \(bytesRead), is_read = true,
        state = case when chunks_done = chunks_made then 'done' else 'working' end,
        finished_at = case when chunks_done = chunks_made then now() end, updated_at = now()
      where id = \(id) and state = 'reading'
      """)
  }

  /// How many chunks are not stored yet.
  func waitingChunks(_ id: Int64) throws -> Int {
    try connection.query("select count(*) from index_chunks where job_id = \(id)").single()
      .value(at: 0)
  }

  /// Takes the first chunk that nobody holds; nil when there is none.
  ///
  /// A chunk whose workers have died ``maximumAttempts`` times makes its job fail.
  func take(
    _ scope: WorkScope, worker: String, lease: Duration
  ) throws -> (lease: ChunkLease, payload: [UInt8])? {
    let seconds = lease / .seconds(1)
    while true {
      let taken = try connection.query(
        """
        update index_chunks c set attempts = c.attempts + 1, worker = \(worker),
          leased_until = clock_timestamp() + make_interval(secs => \(seconds))
        from (
          select n.job_id, n.number from index_chunks n join index_jobs j on j.id = n.job_id
          where \(fragment: scope.condition) and j.state in ('reading', 'working')
            and n.error is null
            and (n.leased_until is null or n.leased_until < clock_timestamp())
          order by n.job_id, n.number limit 1 for update of n skip locked
        ) free
        where c.job_id = free.job_id and c.number = free.number
        returning c.job_id, c.number, c.attempts, c.payload
        """)
      guard let row = taken.first else { return nil }
      let lease = ChunkLease(
        jobID: try row.value(at: 0), number: try row.value(at: 1), attempt: try row.value(at: 2))
      if lease.attempt <= Self.maximumAttempts { return (lease, try row.value(at: 3)) }
      try fail(
        lease, "its workers ended \(Self.maximumAttempts) times without having finished it")
    }
  }

  /// Holds chunks for another while.
  ///
  /// A chunk that is just being stored is passed over.
  func renew(_ leases: [ChunkLease], lease: Duration) throws {
    let seconds = lease / .seconds(1)
    for held in leases {
      try connection.execute(
        """
        update index_chunks set leased_until = clock_timestamp() + make_interval(secs => \(seconds))
        where (job_id, number) in (
          select job_id, number from index_chunks
          where job_id = \(held.jobID) and number = \(held.number) and attempts = \(held.attempt)
          for update skip locked)
        """)
    }
  }

  /// Gives a chunk back.
  func release(_ lease: ChunkLease) throws {
    try connection.execute(
      """
      update index_chunks set leased_until = null
      where job_id = \(lease.jobID) and number = \(lease.number) and attempts = \(lease.attempt)
      """)
  }

  /// Marks a chunk with what is wrong with it, and its job as failed.
  func fail(_ lease: ChunkLease, _ reason: String) throws {
    try connection.transaction {
      let marked = try connection.execute(
        """
        update index_chunks set leased_until = null, error = \(reason)
        where job_id = \(lease.jobID) and number = \(lease.number) and attempts = \(lease.attempt)
        """)
      if marked == 1 { try fail(lease.jobID, "chunk \(lease.number): \(reason)") }
    }
  }

  /// Whether there is something to take now.
  func hasFreeChunk(_ scope: WorkScope) throws -> Bool {
    try connection.query(
      """
      select exists (
        select from index_chunks n join index_jobs j on j.id = n.job_id
        where \(fragment: scope.condition) and j.state in ('reading', 'working')
          and n.error is null and (n.leased_until is null or n.leased_until < clock_timestamp()))
      """
    ).single().value(at: 0)
  }

  /// Whether there is, or may still come, something to take.
  ///
  /// Chunks that others hold count: their leases may run out. A job that is being read counts while
  /// its reader holds the lock.
  package func hasWork(_ scope: WorkScope) throws -> Bool {
    try connection.query(
      """
      select exists (
        select from index_jobs j
        where \(fragment: scope.condition) and j.state in ('reading', 'working') and (
          exists (select from index_chunks n where n.job_id = j.id and n.error is null)
          or j.state = 'reading' and exists (
            select from pg_locks l
            where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
              and l.database = (select oid from pg_database where datname = current_database())
              and (l.classid::bigint << 32 | l.objid::bigint) = \(Self.readerLock(0)) + j.id)))
      """
    ).single().value(at: 0)
  }
}
