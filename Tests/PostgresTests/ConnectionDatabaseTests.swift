import Dispatch
import Glibc
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct ConnectionDatabaseTests {
  let settings: ConnectionSettings
  let connection: Connection

  init() throws {
    settings = try TemporaryCluster.shared().settings
    connection = try Connection(settings)
  }

  @Test func knowsItsServer() throws {
    #expect(connection.serverVersion >= 130_000)
    let row = try connection.query("select pg_backend_pid() as pid").single()
    #expect(try row.value("pid") == connection.backendProcessID)
  }

  @Test func executeCountsAffectedRows() throws {
    try connection.execute("create temporary table t (n integer)")
    #expect(try connection.execute("insert into t select generate_series(1, 5)") == 5)
    #expect(try connection.execute("delete from t where n > \(Int32(3))") == 2)
  }

  @Test func serverErrorsCarryCodeAndPlace() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.query("select wrong from pg_class where relname = \("secret value")")
    }
    #expect(error?.kind == .server)
    #expect(error?.sqlState == "42703")
    #expect(error?.severity == "ERROR")
    #expect(error?.position == 8)
    #expect(error?.message == "column \"wrong\" does not exist")
    #expect(error?.query == "select wrong from pg_class where relname = $1")
    #expect(error?.description.contains("secret value") == false)
    #expect(try connection.query("select 1").count == 1)
  }

  @Test func violationsCarryDetail() throws {
    try connection.execute("create temporary table t (n integer unique)")
    try connection.execute("insert into t values (1)")
    let error = #expect(throws: PostgresError.self) {
      try connection.execute("insert into t values (1)")
    }
    #expect(error?.sqlState == "23505")
    #expect(error?.detail == "Key (n)=(1) already exists.")
  }

  @Test func scriptsRunWhollyOrNotAtAll() throws {
    try connection.execute(
      unsafeScript: "create temporary table a (n integer); create temporary table b (n integer)")
    let error = #expect(throws: PostgresError.self) {
      try connection.execute(
        unsafeScript: "insert into a values (1); insert into nowhere values (1)")
    }
    #expect(error?.sqlState == "42P01")
    #expect(error?.position == 39)
    #expect(try connection.query("select * from a").isEmpty)
  }

  @Test func noServerIsAConnectError() throws {
    let error = #expect(throws: PostgresError.self) {
      try Connection(ConnectionSettings("host=/nonexistent password=hush user=u"))
    }
    #expect(error?.kind == .connectFailed)
    #expect(error?.message.contains("/nonexistent") == true)
    #expect(error?.description.contains("hush") == false)
  }

  @Test func absentDatabaseIsAConnectError() throws {
    let error = #expect(throws: PostgresError.self) {
      try Connection(settings.with(database: "absent"))
    }
    #expect(error?.kind == .connectFailed)
    #expect(error?.message.contains("database \"absent\" does not exist") == true)
  }

  @Test func connectionLostInAQueryIsToldApart() async throws {
    let victim = try Connection(settings)
    let killer = connection
    let result = try await blocking {
      let pid = victim.backendProcessID
      let lost = Mutex<Result<Int, any Error>?>(nil)
      let ended = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        let result = Result { try victim.query("select pg_sleep(30)").count }
        lost.withLock { $0 = result }
        ended.signal()
      }
      var isAsleep = false
      let deadline = ContinuousClock.now + .seconds(20)
      while !isAsleep {
        try #require(ContinuousClock.now < deadline)
        isAsleep = try !killer.query(
          "select 1 from pg_stat_activity where pid = \(pid) and wait_event = 'PgSleep'"
        ).isEmpty
        usleep(5000)
      }
      try killer.execute("select pg_terminate_backend(\(pid))")
      ended.wait()
      return try #require(lost.withLock { $0 })
    }
    let error = #expect(throws: PostgresError.self) { try result.get() }
    #expect(error?.kind == .connectionLost)
    #expect(error?.sqlState == "57P01")
    #expect(error?.query == "select pg_sleep(30)")

    let next = #expect(throws: PostgresError.self) { try victim.query("select 1") }
    #expect(next?.kind == .connectionLost)
    #expect(next?.sqlState == nil)
  }
}
