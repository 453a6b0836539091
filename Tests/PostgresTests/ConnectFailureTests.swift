import Testing

@testable import Postgres

@Suite struct ConnectFailureTests {
  @Test func theSQLSTATEIsTakenOutOfTheWords() {
    let failure = ConnectFailure(
      verbose: """
        connection to server at "db.example" (10.0.0.1), port 5432 failed: FATAL:  28P01: password \
        authentication failed for user "x"
        LOCATION:  auth_failed, auth.c:333

        """)
    #expect(failure.sqlState == "28P01")
    #expect(failure.severity == "FATAL")
    #expect(
      failure.message == """
        connection to server at "db.example" (10.0.0.1), port 5432 failed: FATAL:  password \
        authentication failed for user "x"
        """)
  }

  @Test func otherLanguagesHaveTheSameSQLSTATE() {
    let failure = ConnectFailure(
      verbose: "failed: FATAL:  3D000: Datenbank »ligatur« existiert nicht\nLOCATION:  a, b.c:1\n")
    #expect(failure.sqlState == "3D000")
    #expect(failure.message == "failed: FATAL:  Datenbank »ligatur« existiert nicht")
  }

  @Test func ofSeveralRefusalsTheLastCounts() {
    let failure = ConnectFailure(
      verbose: """
        one failed: FATAL:  28000: no entry, SSL on
        LOCATION:  a, b.c:1
        two failed: FATAL:  53300: sorry, too many clients already
        LOCATION:  a, b.c:1
        """)
    #expect(failure.sqlState == "53300")
    #expect(
      failure.message == """
        one failed: FATAL:  no entry, SSL on
        two failed: FATAL:  sorry, too many clients already
        """)
  }

  @Test func withoutAServerThereIsNoSQLSTATE() {
    let text = "connection to \"h\", port 1 failed: Connection refused\n\tIs it running?\n"
    let failure = ConnectFailure(verbose: text)
    #expect(failure.sqlState == nil)
    #expect(failure.message == text.trimmingLineEnd)
  }

  @Test(arguments: [
    (host: "/run/pg", "/run/pg/.s.PGSQL.5432, database d"),
    ("db.example", "db.example:5432, database d"),
    ("::1", "[::1]:5432, database d"),
  ])
  func placesAreSpelledAsAddresses(host: String, expected: String) {
    #expect(ServerPlace(host: host, port: "5432", database: "d").description == expected)
  }
}
