import AlignAPI
import Alignment
import ModelTestSupport
import Postgres
import TestSupport
import Testing

/// What members of the two roles may do and what not, on a server that asks for passwords.
@Suite struct DatabaseRolesDatabaseTests {
  private func migrated(_ server: ConfiguredServer) throws -> Connection {
    let connection = try Connection(server.cluster.settings())
    try StoreFixture.migrator().migrate(connection)
    return connection
  }

  private func refusal(_ connection: Connection, _ statement: SQLStatement) -> String? {
    #expect(throws: PostgresError.self, "\(statement.text)") {
      try connection.execute(statement)
    }?.sqlState
  }

  @Test func aReaderSearchesAndDoesNothingElse() async throws {
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 scram-sha-256"])
      let owner = try migrated(server)
      let outcome = try DatabaseRoles(prefix: "ligature").grant(owner)
      #expect(outcome.made == ["ligature_reader", "ligature_writer"])
      #expect(try DatabaseRoles(prefix: "ligature").grant(owner).made.isEmpty)
      try server.administer(
        "create role searcher login password 'pw' in role ligature_reader")
      try server.administer(
        """
        insert into models (name, checksum, dimension, config) values ('m', repeat('1', 64), 4, '{}');
        select add_embedding_partitions(id) from models;
        insert into corpora (name) values ('c');
        insert into items (corpus_id, text) values (1, 't');
        """)
      let reader = try Connection(server.settings(["user": "searcher", "password": "pw"]))
      // What a server does: check migrations, list, load, follow.
      #expect(try StoreFixture.migrator().status(reader).allSatisfy { $0.appliedAt != nil })
      #expect(try ModelStore(reader).overview().count == 1)
      #expect(try CorpusStore(reader).overview().count == 1)
      #expect(try reader.query("select * from embeddings").isEmpty)
      #expect(try reader.query("select * from embeddings_m1_0").isEmpty)
      try reader.execute("listen ligature_changes")
      for statement: SQLStatement in [
        "insert into corpora (name) values ('x')", "update items set text = 'x'",
        "delete from items", "truncate items", "create table x ()", "drop table items",
        "create temporary table x ()", "select add_embedding_partitions(2)",
        "select record_change(1, null, '{}', '{}')", "select nextval('items_id_seq')",
        "update models set is_promoted = true", "delete from schema_migrations",
        "create schema x", "select * from pg_authid",
      ] {
        #expect(refusal(reader, statement) == "42501", "\(statement.text)")
      }
    }
  }

  @Test func aWriterChangesRowsAndNoTables() async throws {
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 scram-sha-256"])
      _ = try DatabaseRoles(prefix: "team").grant(migrated(server))
      try server.administer("create role indexer login password 'pw' in role team_writer")
      let key = try KeyStore(Connection(server.cluster.settings())).create(
        .init(name: "k", scope: .read), actor: "owner")
      let writer = try Connection(server.settings(["user": "indexer", "password": "pw"]))
      try writer.execute(
        """
        insert into models (name, checksum, dimension, config)
        values ('m', repeat('1', 64), 4, '{}')
        """)
      try writer.execute("select add_embedding_partitions(id) from models")
      let corpus = try CorpusStore(writer).findOrAdd("c")
      try writer.execute("insert into items (corpus_id, text) values (\(corpus.id), 't')")
      try writer.execute(
        """
        insert into embeddings (item_id, model_id, modality, checksum, vector)
        select items.id, models.id, 2, checksum, '\\x0000000000000000'::bytea from items, models
        """)
      let model = try #require(try ModelStore(writer).find(name: "m"))
      #expect(try ModelStore(writer).promote(model))
      // Repairs need temporary tables.
      let check = try DatabaseCheck(coding: nil).run(writer, repair: true)
      #expect(check.allSatisfy { $0.isClean })
      #expect(try CorpusStore(writer).drop(corpus))
      // A server finds keys, counts their requests, and notes who did what.
      let stored = try #require(try KeyStore(writer).find(prefix: key.prefix))
      #expect(try KeyStore(writer).count(2, of: stored) == 2)
      #expect(try KeyStore(writer).count(3, of: stored) == 5)
      try AuditLog(writer).record(AuditEntry(actor: "k", action: "test", target: "t"))
      for statement: SQLStatement in [
        "create table x ()", "drop table items", "alter table items add column x integer",
        "delete from schema_migrations", "truncate items", "update api_keys set scope = 'admin'",
        """
        insert into api_keys (name, prefix, salt, hash, scope)
        select 'mine', 'abcdefgh', salt, hash, 'admin' from api_keys
        """,
        "delete from api_keys", "delete from api_key_usage", "delete from audit_log",
        "update audit_log set actor = 'x'", "update database_epoch set epoch = gen_random_uuid()",
      ] {
        #expect(refusal(writer, statement) == "42501", "\(statement.text)")
      }
      // Dropping a model drops tables, which is the owner's.
      let error = #expect(throws: PostgresError.self) { try ModelStore(writer).drop(model) }
      #expect(error?.sqlState == "42501")
      let owner = ModelStore(try Connection(server.cluster.settings()))
      try owner.drop(model)
      #expect(try owner.all().isEmpty)
    }
  }

  @Test func whoeverMayNotMakeRolesIsTold() async throws {
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 trust"])
      try server.administer(
        "create role owner login; create role stranger login")
      try server.administer("create database owned owner owner")
      let owner = try Connection(server.settings(["user": "owner", "dbname": "owned"]))
      try StoreFixture.migrator().migrate(owner)
      let roles = try DatabaseRoles(prefix: "x")
      #expect(throws: RolesError.mayNotMakeRoles(user: "owner")) { try roles.grant(owner) }
      try server.administer("create role x_reader; create role x_writer")
      // With the roles there, owning the tables is enough.
      #expect(try roles.grant(owner).made.isEmpty)
      let stranger = try Connection(server.settings(["user": "stranger", "dbname": "owned"]))
      #expect(throws: RolesError.notOwner(user: "stranger", owner: "owner")) {
        try roles.grant(stranger)
      }
    }
  }

  @Test(arguments: ["", "pg_x", String(repeating: "x", count: 51)])
  func namesThatCannotBeRolesAreRefused(prefix: String) {
    #expect(throws: RolesError.badPrefix(prefix)) { try DatabaseRoles(prefix: prefix) }
  }
}
