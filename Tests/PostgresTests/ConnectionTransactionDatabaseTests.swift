import Postgres
import TestSupport
import Testing

@Suite struct ConnectionTransactionDatabaseTests {
  private struct Stop: Error {}
  let settings: ConnectionSettings
  let connection: Connection

  init() throws {
    settings = try TemporaryCluster.shared().makeDatabase()
    connection = try Connection(settings)
    try connection.execute("create table t (n integer primary key)")
  }

  private func numbers() throws -> [Int] {
    try Connection(settings).query("select n from t order by n").map { try $0.value("n") }
  }

  @Test func returningCommits() throws {
    let value = try connection.transaction {
      try connection.execute("insert into t values (1)")
      #expect(try numbers() == [])
      return "done"
    }
    #expect(value == "done")
    #expect(try numbers() == [1])
  }

  @Test func throwingRollsBack() throws {
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("insert into t values (1)")
        throw Stop()
      }
    }
    #expect(try numbers() == [])
    #expect(try connection.transaction { try connection.execute("insert into t values (2)") } == 1)
    #expect(try numbers() == [2])
  }

  @Test func aFailedStatementRollsBackWhatCameBefore() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.transaction {
        try connection.execute("insert into t values (1)")
        try connection.execute("insert into t values (1)")
      }
    }
    #expect(error?.sqlState == "23505")
    #expect(try numbers() == [])
  }

  @Test func aSwallowedFailureIsNotACommit() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.transaction {
        try connection.execute("insert into t values (1)")
        _ = try? connection.execute("insert into t values (1)")
      }
    }
    #expect(error?.kind == .transactionAborted)
    #expect(try numbers() == [])
  }

  @Test func aDeferredConstraintFailsAtCommit() throws {
    try connection.execute(
      "create table u (n integer references t deferrable initially deferred)")
    let error = #expect(throws: PostgresError.self) {
      try connection.transaction { try connection.execute("insert into u values (7)") }
    }
    #expect(error?.sqlState == "23503")
    #expect(try connection.query("select * from u").isEmpty)
  }

  @Test func nestingTraps() async {
    await #expect(processExitsWith: .failure) {
      let connection = try Connection(TemporaryCluster.shared().makeDatabase())
      try connection.transaction { try connection.transaction {} }
    }
  }
}
