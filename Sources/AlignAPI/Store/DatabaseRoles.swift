package import Postgres

/// Two group roles that can do no more than they must: one that reads, one that writes rows.
///
/// The reader can search and nothing else. The writer can index, promote and drop corpora as well,
/// but makes no keys, and makes and drops no tables except the partitions of new models. Login roles
/// are made members of one.
package struct DatabaseRoles {
  /// What the roles are called.
  package let reader: String
  package let writer: String

  /// Throws ``RolesError/badPrefix(_:)`` for names that PostgreSQL would cut or reserves.
  package init(prefix: String) throws(RolesError) {
    guard !prefix.isEmpty, prefix.utf8.count <= 50, !prefix.hasPrefix("pg_"),
      !prefix.utf8.contains(0)
    else { throw .badPrefix(prefix) }
    reader = prefix + "_reader"
    writer = prefix + "_writer"
  }

  /// What was done, in words, in order.
  package struct Outcome: Sendable, Equatable {
    package var made: [String] = []
    package var granted: [String] = []
  }

  /// Makes the roles where they are missing and gives them their rights, in one transaction.
  ///
  /// Done again it changes nothing, but reaches tables that came meanwhile. Throws
  /// ``RolesError`` when this user may not do it, and `PostgresError`.
  package func grant(_ connection: Connection) throws -> Outcome {
    let place = try place(connection)
    return try connection.transaction {
      var outcome = Outcome()
      for role in [reader, writer] where try !exists(role, connection) {
        guard place.mayMakeRoles else { throw RolesError.mayNotMakeRoles(user: place.user) }
        try connection.execute("create role \(identifier: role) nologin")
        outcome.made.append(role)
      }
      for statement in revocations(place) + readerGrants(place) + writerGrants(place) {
        try connection.execute(statement)
      }
      outcome.granted = [
        "\(reader): connect to database \(place.database), read every table of schema "
          + "\(place.schema) and every later one",
        "\(writer): the same, and insert, update and delete rows but for API keys, temporary "
          + "tables, partitions for new models",
      ]
      return outcome
    }
  }

  /// Where the rights are given.
  private struct Place {
    let user: String
    let database: String
    let schema: String
    /// The owner of the tables, who makes later ones.
    let owner: String
    let mayMakeRoles: Bool
  }

  private func place(_ connection: Connection) throws -> Place {
    let row = try connection.query(
      """
      select current_user, current_database(), current_schema(),
        (select tableowner from pg_tables
          where schemaname = current_schema() and tablename = 'items'),
        (select rolsuper or rolcreaterole from pg_roles where rolname = current_user),
        (select pg_has_role(current_user, tableowner, 'usage') from pg_tables
          where schemaname = current_schema() and tablename = 'items')
      """
    ).single()
    let place = Place(
      user: try row.value(at: 0), database: try row.value(at: 1), schema: try row.value(at: 2),
      owner: try row.value(at: 3), mayMakeRoles: try row.value(at: 4))
    guard try row.value(at: 5) else {
      throw RolesError.notOwner(user: place.user, owner: place.owner)
    }
    return place
  }

  private func exists(_ role: String, _ connection: Connection) throws -> Bool {
    try !connection.query("select 1 from pg_roles where rolname = \(role)").isEmpty
  }

  /// What everyone may do unless it is taken from them.
  private func revocations(_ place: Place) -> [SQLStatement] {
    [
      "revoke create on schema \(identifier: place.schema) from public",
      "revoke temporary on database \(identifier: place.database) from public",
      """
      revoke execute on function add_embedding_partitions(bigint),
        record_change(bigint, bigint, bigint[], bigint[]) from public
      """,
    ]
  }

  private func readerGrants(_ place: Place) -> [SQLStatement] {
    var grants: [SQLStatement] = []
    for role in [reader, writer] {
      grants += [
        "grant connect on database \(identifier: place.database) to \(identifier: role)",
        "grant usage on schema \(identifier: place.schema) to \(identifier: role)",
        """
        grant select on all tables in schema \(identifier: place.schema) to \(identifier: role)
        """,
        """
        alter default privileges for role \(identifier: place.owner)
          in schema \(identifier: place.schema) grant select on tables to \(identifier: role)
        """,
      ]
    }
    return grants
  }

  private func writerGrants(_ place: Place) -> [SQLStatement] {
    [
      """
      grant insert, update, delete on all tables in schema \(identifier: place.schema)
        to \(identifier: writer)
      """,
      // What the owner alone does.
      """
      revoke insert, update, delete on schema_migrations, api_keys, database_epoch
        from \(identifier: writer)
      """,
      // Servers count requests, and nobody takes back what was counted or noted.
      "revoke delete on api_key_usage from \(identifier: writer)",
      "revoke update, delete on audit_log from \(identifier: writer)",
      """
      grant usage, select on all sequences in schema \(identifier: place.schema)
        to \(identifier: writer)
      """,
      "grant temporary on database \(identifier: place.database) to \(identifier: writer)",
      """
      grant execute on function add_embedding_partitions(bigint),
        record_change(bigint, bigint, bigint[], bigint[]) to \(identifier: writer)
      """,
      """
      alter default privileges for role \(identifier: place.owner)
        in schema \(identifier: place.schema)
        grant insert, update, delete on tables to \(identifier: writer)
      """,
      """
      alter default privileges for role \(identifier: place.owner)
        in schema \(identifier: place.schema) grant usage, select on sequences
        to \(identifier: writer)
      """,
    ]
  }
}

/// Why the roles were not made.
package enum RolesError: Error, Sendable, Equatable, CustomStringConvertible {
  case badPrefix(String)
  /// The user has no right to make roles.
  case mayNotMakeRoles(user: String)
  /// The user does not own the tables, so it cannot give rights on them.
  case notOwner(user: String, owner: String)

  package var description: String {
    switch self {
    case .badPrefix(let prefix):
      "\"\(prefix)\" cannot begin the name of a role: 1 to 50 bytes, not pg_, expected"
    case .mayNotMakeRoles(let user):
      "user \(user) may not make roles; connect as one that may, or let an administrator say: "
        + "alter role \"\(user)\" createrole"
    case .notOwner(let user, let owner):
      "user \(user) cannot give rights on tables of \(owner); connect as \(owner)"
    }
  }
}
