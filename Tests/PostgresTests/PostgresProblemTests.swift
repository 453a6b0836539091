import Postgres
import Testing

@Suite struct PostgresProblemTests {
  private func error(
    _ kind: PostgresError.Kind = .server, state: String? = nil, _ message: String = "words"
  ) -> PostgresError {
    var error = PostgresError(kind: kind, message: message)
    error.sqlState = state
    error.server = "db.example:5432, database d"
    return error
  }

  @Test(arguments: [
    ("28P01", PostgresProblem.wrongPassword), ("28000", .notAdmitted), ("3D000", .databaseMissing),
    ("42501", .notAllowed), ("53300", .tooManyConnections), ("53100", .diskFull),
    ("53200", .outOfMemory), ("25006", .readOnly), ("40001", .conflict), ("40P01", .conflict),
    ("55P03", .lockTimeout), ("57014", .statementTimeout), ("57P03", .startingOrStopping),
    ("42P01", .schemaDiffers),
  ])
  func everySQLSTATEHasItsSentence(state: String, problem: PostgresProblem) throws {
    let error = error(state: state)
    #expect(PostgresProblem(error) == problem)
    let advice = try #require(error.advice)
    #expect(advice.contains("db.example:5432, database d"))
    #expect(advice.contains("(words); "))
  }

  /// A server that was never reached has no place to name.
  @Test func withoutAPlaceTheSentenceIsWhole() {
    var error = error(state: "53100")
    error.server = nil
    #expect(error.advice?.hasPrefix("the server has no room left on its disk (words); ") == true)
  }

  @Test(
    arguments: [
      ("connection to server at \"h\", port 1 failed: Connection refused\n\tIs …", .serverDown),
      ("connection to server on socket \"/x\" failed: No such file or directory", .serverDown),
      ("could not translate host name \"h\" to address: …", PostgresProblem.hostUnknown),
      ("connection to h:1 failed: timeout expired", .noAnswerInTime),
      ("… failed: fe_sendauth: no password supplied", .passwordMissing),
      ("… failed: server does not support SSL, but SSL was required", .tlsNotOffered),
      ("… failed: SSL error: certificate verify failed", .certificateNotTrusted),
      ("root certificate file \"/x\" does not exist\nEither …", .rootCertificateMissing),
      ("server certificate for \"a\" does not match host name \"b\"", .certificateForOtherHost),
    ] as [(String, PostgresProblem)])
  func withoutAServerItsLibrarysWordsTell(message: String, problem: PostgresProblem) {
    #expect(PostgresProblem(error(.connectFailed, message)) == problem)
  }

  @Test func theWordsAreTheServersWithoutIntroduction() {
    let refused = error(
      .connectFailed, state: "28P01",
      "connection to server at \"h\", port 1 failed: FATAL:  password authentication failed")
    #expect(
      refused.advice
        == "the server at db.example:5432, database d does not accept the password "
        + "(password authentication failed); correct it in the address or in ~/.pgpass")
  }

  @Test func mistakesOfOursGetNoAdvice() {
    #expect(error(state: "42601").advice == nil)
    #expect(error(.rowCount).advice == nil)
    #expect(error(.server, state: "23505").advice == nil)
  }
}
