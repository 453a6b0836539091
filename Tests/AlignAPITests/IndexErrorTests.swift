import Postgres
import Testing

@testable import AlignAPI

@Suite struct IndexErrorTests {
  private func refusal(_ state: String?, _ message: String, _ kind: PostgresError.Kind = .server)
    -> PostgresError
  {
    var error = PostgresError(kind: kind, message: message)
    error.sqlState = state
    return error
  }

  @Test func fullDiskAndFullServerSayWhatToDo() {
    let full = IndexError(refusal("53100", "could not extend file"))
    #expect(full == .databaseIsFull(message: "could not extend file"))
    #expect(full?.description.contains("make room and run the command again") == true)
    let clients = refusal(nil, "FATAL:  sorry, too many clients already", .connectFailed)
    #expect(IndexError(clients) == .tooManyConnections(message: clients.message))
    #expect(IndexError(refusal("42601", "syntax error")) == nil)
  }

  @Test func lostConnectionsAndConflictsAreToldApart() {
    #expect(refusal("57P01", "terminating connection").isConnectionLoss)
    #expect(refusal(nil, "server closed the connection", .connectionLost).isConnectionLoss)
    #expect(refusal("40P01", "deadlock detected").isWriteConflict)
    #expect(!refusal("53100", "disk full").isConnectionLoss)
    #expect(!refusal("53100", "disk full").isWriteConflict)
  }
}
