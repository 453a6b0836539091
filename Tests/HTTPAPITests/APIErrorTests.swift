import HTTPDaemon
import Logging
import Molecule
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct APIErrorTests {
  private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func server(_ sqlState: String) -> PostgresError {
    var error = PostgresError(kind: .server, message: "no")
    error.sqlState = sqlState
    return error
  }

  @Test(arguments: ["57P01", "57P03", "08006", "53300", "57014"])
  func serverThatGoesAwayIsUnavailable(sqlState: String) {
    #expect(APIError(server(sqlState), log: log) == .databaseUnavailable)
  }

  @Test func lostAndMissingConnectionsAreUnavailable() {
    for kind in [PostgresError.Kind.connectFailed, .connectionLost] {
      #expect(APIError(PostgresError(kind: kind, message: ""), log: log) == .databaseUnavailable)
    }
    #expect(
      APIError(PoolError.timedOut(after: .seconds(2), limit: 8), log: log) == .databaseUnavailable)
  }

  @Test func detailsOfRowsAreNotLogged() {
    var error = server("23514")
    error.detail = "Failing row contains (1, CCO, a patient)."
    error.hint = "look"
    #expect(error.loggable == "no [SQLSTATE 23514]; hint: look")
    #expect(APIError.draining.loggable == "draining")
  }

  @Test func problemsSayWhenToAskAgain() throws {
    let answer = APIError.overloaded(retryAfter: 7)
    #expect(answer.problem.retryAfter == 7)
    #expect(answer.response.headers["Retry-After"] == "7")
    #expect(String(decoding: answer.response.bytes, as: UTF8.self).contains("\"retry_after\":7"))
    #expect(APIError.failed.problem.retryAfter == nil)
  }

  @Test func refusedStatementIsOurMistakeAndTellsNothing() {
    let error = APIError(server("42P01"), log: log)
    #expect(error == .failed)
    #expect(error.response.status == .internalServerError)
    #expect(!String(decoding: error.response.bytes, as: UTF8.self).contains("no\""))
  }

  @Test func everySearchErrorButOverloadNamesAField() {
    let errors: [(SearchError, String)] = [
      (.emptyText, "text"), (.textTooLong(bytes: 9, limit: 8), "text"),
      (.smilesTooLong(bytes: 9, limit: 8), "smiles"),
      (.badSMILES(SMILESError(reason: .empty, offset: 0)), "smiles"),
      (.vectorLength(found: 1, expected: 2), "vector"), (.vectorNotFinite(index: 0), "vector"),
      (.vectorIsZero, "vector"), (.countOutOfRange(found: 0, expected: 1...2), "k"),
      (.unknownCorpus("x"), "corpus"),
    ]
    for (error, field) in errors {
      guard case .invalid(let items) = APIError(error, log: log) else {
        Issue.record("\(error) is not a mistake of the client")
        continue
      }
      #expect(items.map(\.field) == [field])
    }
    #expect(
      APIError(SearchError.overloaded(waiting: 3, retryAfter: 2), log: log)
        == .overloaded(retryAfter: 2))
  }
}
