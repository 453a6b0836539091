import Postgres
import TestSupport
import Testing

@Suite struct ConnectionDatabaseTests {
  @Test func connectsAndKnowsItsServer() throws {
    let connection = try Connection(TemporaryCluster.shared().makeDatabase())
    #expect(connection.serverVersion >= 130_000)
    let row = try connection.query("select pg_backend_pid() as pid").single()
    #expect(try row.value("pid") == connection.backendProcessID)
  }
}
