import Dispatch
import Postgres
import TestSupport
import Testing

@Suite struct ConnectionPoolDatabaseTests {
  private struct Stop: Error {}
  let settings: ConnectionSettings

  init() throws {
    settings = try TemporaryCluster.shared().settings
  }

  /// The server process behind the connection that the pool hands out.
  private func processID(_ pool: ConnectionPool) async throws -> Int32 {
    try await pool.withConnection { $0.backendProcessID }
  }

  @Test func aConnectionIsUsedAgain() async throws {
    let pool = ConnectionPool(settings, limit: 2)
    let first = try await processID(pool)
    #expect(try await processID(pool) == first)
    await pool.close()
  }

  @Test func manyTasksShareFewConnections() async throws {
    let pool = ConnectionPool(settings, limit: 3)
    let uses = try await withThrowingTaskGroup(of: (pid: Int32, inUse: Int).self) { group in
      for number in 0..<40 {
        group.addTask {
          try await pool.withConnection { connection in
            let row = try connection.query("select \(number) as n, pg_sleep(0.005)::text").single()
            #expect(try row.value("n") == number)
            return (connection.backendProcessID, pool.load.inUse)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(uses.count == 40)
    #expect(Set(uses.map(\.pid)).count <= 3)
    #expect(uses.allSatisfy { $0.inUse <= 3 })
    #expect(pool.load == (0, 0))
    await pool.close()
  }

  @Test func theLimitIsReachedAndKept() async throws {
    let pool = ConnectionPool(settings, limit: 3)
    let gate = DispatchSemaphore(value: 0)
    let tasks = (0..<5).map { _ in
      Task {
        try await pool.withConnection { connection in
          gate.wait()
          return connection.backendProcessID
        }
      }
    }
    try await wait { pool.load == (3, 2) }
    for _ in tasks { gate.signal() }
    var pids: Set<Int32> = []
    for task in tasks { pids.insert(try await task.value) }
    #expect(pids.count == 3)
    await pool.close()
  }

  @Test func waitingEndsWithATimeout() async throws {
    let pool = ConnectionPool(settings, limit: 1, timeout: .milliseconds(50))
    let gate = DispatchSemaphore(value: 0)
    let holding = Task { try await pool.withConnection { _ in gate.wait() } }
    try await wait { pool.load.inUse == 1 }
    await #expect(throws: PoolError.timedOut(after: .milliseconds(50), limit: 1)) {
      try await pool.withConnection { _ in }
    }
    #expect(pool.load.waiting == 0)
    gate.signal()
    try await holding.value
    #expect(try await processID(pool) > 0)
    await pool.close()
  }

  @Test func waitingEndsWithCancellation() async throws {
    let pool = ConnectionPool(settings, limit: 1, timeout: .seconds(30))
    let gate = DispatchSemaphore(value: 0)
    let holding = Task { try await pool.withConnection { _ in gate.wait() } }
    try await wait { pool.load.inUse == 1 }
    let waiting = Task { try await pool.withConnection { _ in } }
    try await wait { pool.load.waiting == 1 }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(pool.load.inUse == 1)
    gate.signal()
    try await holding.value
    await pool.close()
  }

  @Test func anIdleConnectionThatBrokeIsReplaced() async throws {
    let pool = ConnectionPool(settings, limit: 1)
    let pid = try await processID(pool)
    try Connection(settings).terminate(pid)
    let next = try await processID(pool)
    #expect(next != pid)
    await pool.close()
  }

  @Test func aConnectionThatBreaksInUseFailsOnceAndIsReplaced() async throws {
    let pool = ConnectionPool(settings, limit: 1)
    let settings = settings
    let error = await #expect(throws: PostgresError.self) {
      try await pool.withConnection { connection in
        try Connection(settings).terminate(connection.backendProcessID)
        try connection.execute("select 1")
      }
    }
    #expect(error?.kind == .connectionLost)
    #expect(try await pool.withConnection { try $0.query("select 1").count } == 1)
    await pool.close()
  }

  @Test func anOpenTransactionDoesNotReachTheNextUser() async throws {
    let pool = try ConnectionPool(TemporaryCluster.shared().makeDatabase(), limit: 1)
    try await pool.withConnection { connection in
      try connection.execute("create table t (n integer)")
      try connection.execute("begin")
      try connection.execute("insert into t values (1)")
    }
    #expect(try await pool.withConnection { try $0.query("select * from t").count } == 0)
    await pool.close()
  }

  @Test func errorsOfTheBodyGiveTheConnectionBack() async throws {
    let pool = ConnectionPool(settings, limit: 1)
    let pid = try await processID(pool)
    await #expect(throws: Stop.self) { try await pool.withConnection { _ in throw Stop() } }
    #expect(try await processID(pool) == pid)
    await pool.close()
  }

  @Test func aServerThatIsNotThereIsAConnectErrorAndFreesTheSlot() async throws {
    let pool = ConnectionPool(settings.with(database: "absent"), limit: 1, timeout: .seconds(5))
    for _ in 0..<3 {
      let error = await #expect(throws: PostgresError.self) {
        try await pool.withConnection { _ in }
      }
      #expect(error?.kind == .connectFailed)
    }
    #expect(pool.load == (0, 0))
    await pool.close()
  }

  /// While the server is away requests fail at once, also those that would wait for a connect that
  /// takes its time; when it is back, they succeed after at most one pause.
  @Test func aServerThatGoesAwayAndComesBackIsFoundAgain() async throws {
    let server = try ConfiguredServer()
    let pool = ConnectionPool(try server.cluster.settings(), limit: 4)
    #expect(try await processID(pool) > 0)
    try await blocking { try server.cluster.stop() }
    let start = ContinuousClock.now
    var failures = 0
    for _ in 0..<200 {
      let error = await #expect(throws: PostgresError.self) {
        try await pool.withConnection { _ = try $0.query("select 1") }
      }
      if error?.kind == .connectFailed { failures += 1 }
    }
    #expect(failures >= 199)
    #expect(.now - start < .seconds(2))
    try await blocking { try server.cluster.start() }
    let deadline = ContinuousClock.now + .seconds(10)
    var isBack = false
    while !isBack, .now < deadline {
      isBack = (try? await processID(pool)) != nil
      if !isBack { try await Task.sleep(for: .milliseconds(20)) }
    }
    #expect(isBack)
    await pool.close()
    withExtendedLifetime(server) {}
  }

  @Test func closingWaitsForWorkAndRefusesMore() async throws {
    let pool = ConnectionPool(settings, limit: 1)
    let pid = try await processID(pool)
    let gate = DispatchSemaphore(value: 0)
    let working = Task {
      try await pool.withConnection { connection in
        gate.wait()
        return try connection.query("select 1").count
      }
    }
    try await wait { pool.load.inUse == 1 }
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.1) { gate.signal() }
    await pool.close()
    #expect(pool.load == (0, 0))
    #expect(try await working.value == 1)
    await #expect(throws: PoolError.closed) { try await pool.withConnection { _ in } }
    let witness = try Connection(settings)
    try witness.waitForEnd(of: pid)
  }
}

/// Waits until something has come about, ten seconds at most.
private func wait(until condition: () -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(10)
  while !condition() {
    try #require(ContinuousClock.now < deadline)
    try await Task.sleep(for: .milliseconds(1))
  }
}

extension Connection {
  /// Ends a server process and waits until it has gone.
  fileprivate func terminate(_ pid: Int32) throws {
    try execute("select pg_terminate_backend(\(pid))")
    try waitForEnd(of: pid)
  }

  fileprivate func waitForEnd(of pid: Int32) throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try !query("select 1 from pg_stat_activity where pid = \(pid)").isEmpty {
      try #require(ContinuousClock.now < deadline, "server process \(pid) is still there")
    }
  }
}
