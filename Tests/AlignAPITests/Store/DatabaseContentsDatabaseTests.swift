import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI

@Suite struct DatabaseContentsDatabaseTests {
  /// A migration that makes a table or a function adds its name to the list.
  @Test func whatMigrationsMakeIsOurOwn() throws {
    let fixture = try StoreFixture()
    #expect(try DatabaseContents.foreignObjects(fixture.connection) == [])
    #expect(try DatabaseContents.isUnused(fixture.connection))
  }

  @Test(arguments: [
    ("create table notes (id bigint generated always as identity, n serial)", "notes"),
    ("create view notes as select 1 as x", "notes"),
    ("create materialized view notes as select 1 as x", "notes"),
    ("create sequence numbers", "numbers"),
    ("create function twice(x integer) returns integer language sql return 2 * x", "twice"),
  ])
  func whatOthersMadeIsKept(script: String, name: String) throws {
    let fixture = try StoreFixture()
    try fixture.connection.execute(unsafeScript: script)
    #expect(try DatabaseContents.foreignObjects(fixture.connection) == [name])
    #expect(try !DatabaseContents.isUnused(fixture.connection))
  }

  @Test func modelsCorporaKeysAndTheAuditLogAreKept() throws {
    func isUnused(after change: (StoreFixture) throws -> Void) throws -> Bool {
      let fixture = try StoreFixture()
      try change(fixture)
      return try DatabaseContents.isUnused(fixture.connection)
    }
    #expect(try !isUnused { try $0.addModel("m") })
    #expect(try !isUnused { _ = try CorpusStore($0.connection).findOrAdd("c") })
    #expect(
      try !isUnused {
        try $0.connection.execute(
          """
          insert into api_keys (name, prefix, salt, hash, scope) values
            ('k', 'abcdefgh', decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex'), 'read')
          """)
      })
    #expect(
      try !isUnused {
        try AuditLog($0.connection).record(AuditEntry(actor: "a", action: "b", target: "c"))
      })
  }

  @Test func aDatabaseWithoutOurTablesIsNotOurs() throws {
    let fixture = try StoreFixture()
    try fixture.connection.execute("drop table models cascade")
    #expect(try !DatabaseContents.isUnused(fixture.connection))
  }
}
