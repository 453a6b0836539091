package import Postgres

extension VectorTable {
  /// Makes the table of a model, empty, with the trigger that follows its embeddings; one
  /// transaction, which waits at most five seconds for those who write embeddings of the model.
  ///
  /// All belongs to the owner of the embeddings. Throws ``VectorExtensionError`` `.tooLong`
  /// and `PostgresError`.
  static func make(
    for model: StoredModel, type: VectorColumnType, links: Int, construction: Int,
    _ connection: Connection
  ) throws -> VectorTable {
    guard model.dimension <= type.longest else {
      throw VectorExtensionError.tooLong(
        model: model.name, dimension: model.dimension, type: type)
    }
    return try connection.transaction {
      try connection.execute("set local lock_timeout = '5s'")
      // All of it becomes the owner's, with the rights that the owner gives to others.
      let owner: String = try connection.query(
        """
        select tableowner from pg_tables
        where schemaname = current_schema() and tablename = 'embeddings'
        """
      ).single().value(at: 0)
      try connection.execute("set local role \(identifier: owner)")
      try connection.execute(
        """
        insert into vector_tables (model_id, type, m, ef_construction)
        values (\(model.id), \(type.rawValue), \(Int32(links)), \(Int32(construction)))
        """)
      guard let table = try of(model, connection) else {
        preconditionFailure("a row that was inserted is there")
      }
      try connection.execute(
        """
        create table \(identifier: table.name) (
          item_id bigint not null, modality smallint not null,
          v \(fragment: SQLStatement(unsafeSQL: type.column(model.dimension))) not null,
          primary key (item_id, modality))
        """)
      try table.follow(connection)
      return table
    }
  }

  /// Makes the trigger: every row that comes, changes or goes in the model's partition does so here,
  /// in the same transaction.
  ///
  /// It works with the rights of its owner, so that whoever may write embeddings needs no others.
  func follow(_ connection: Connection) throws {
    let value = type.value(of: "new", model.dimension)
    let exists = type.exists(in: "new", model.dimension)
    try connection.execute(
      SQLStatement(
        unsafeSQL: """
          create or replace function \(function)() returns trigger
            language plpgsql security definer set search_path from current as $$
          begin
            if tg_op <> 'INSERT' then
              delete from \(name) where item_id = old.item_id and modality = old.modality;
            end if;
            if tg_op <> 'DELETE' and \(exists) then
              insert into \(name) values (new.item_id, new.modality, \(value))
                on conflict (item_id, modality) do update set v = excluded.v;
            end if;
            return null;
          end
          $$
          """))
    // One that was disabled would stay so.
    try connection.execute(
      "drop trigger if exists \(identifier: name) on \(identifier: embeddings)")
    try connection.execute(
      SQLStatement(
        unsafeSQL: """
          create trigger \(name)
            after insert or delete or update of item_id, modality, \(type.source) on \(embeddings)
            for each row execute function \(function)()
          """))
  }

  /// Whether the trigger is there and at work.
  func isFollowed(_ connection: Connection) throws(PostgresError) -> Bool {
    try connection.query(
      """
      select exists (
        select from pg_trigger where tgname = \(name) and tgenabled <> 'D'
          and tgrelid = to_regclass(format('%I.%I', current_schema(), \(embeddings)::text)))
      """
    ).single().value(at: 0)
  }

  /// Adds what the table lacks of the next `limit` embeddings behind a key, in one statement.
  ///
  /// Returns the last key and how many embeddings were looked at; nil where none is left.
  func fill(
    behind last: (item: Int64, modality: Int16), limit: Int, _ connection: Connection
  ) throws -> (last: (item: Int64, modality: Int16), count: Int, added: Int)? {
    let value = SQLStatement(unsafeSQL: type.value(of: "e", model.dimension))
    let exists = SQLStatement(unsafeSQL: type.exists(in: "e", model.dimension))
    let row = try connection.query(
      """
      with page as materialized (
        select item_id, modality, \(identifier: type.source) from \(identifier: embeddings)
        where (item_id, modality) > (\(last.item), \(last.modality))
        order by item_id, modality limit \(limit)
      ), added as (
        insert into \(identifier: name) (item_id, modality, v)
        select item_id, modality, \(fragment: value) from page e
        where \(fragment: exists) and not exists (
          select from \(identifier: name) v
          where v.item_id = e.item_id and v.modality = e.modality)
        on conflict do nothing returning 1
      )
      select item_id, modality, (select count(*) from page), (select count(*) from added)
      from page order by item_id desc, modality desc limit 1
      """
    ).first
    return try row.map { row in
      ((try row.value(at: 0), try row.value(at: 1)), try row.value(at: 2), try row.value(at: 3))
    }
  }

  /// Embeddings without a row here.
  var missing: SQLStatement {
    """
    select e.item_id, e.modality from \(identifier: embeddings) e
    where \(fragment: SQLStatement(unsafeSQL: type.exists(in: "e", model.dimension)))
      and not exists (select from \(identifier: name) v
        where v.item_id = e.item_id and v.modality = e.modality)
    """
  }

  /// Rows without an embedding.
  var surplus: SQLStatement {
    """
    select v.item_id, v.modality from \(identifier: name) v
    where not exists (select from \(identifier: embeddings) e
      where e.item_id = v.item_id and e.modality = v.modality
        and \(fragment: SQLStatement(unsafeSQL: type.exists(in: "e", model.dimension))))
    """
  }

  /// Deletes at most `limit` rows without an embedding; returns how many.
  func deleteSurplus(limit: Int, _ connection: Connection) throws(PostgresError) -> Int {
    try connection.execute(
      """
      delete from \(identifier: name) where (item_id, modality) in (
        select * from (\(fragment: surplus)) as s limit \(limit))
      """)
  }

  /// Takes the table away with its indexes and trigger, in one transaction; embeddings stay.
  ///
  /// It waits at most five seconds for those who use it.
  package func drop(_ connection: Connection) throws {
    try connection.transaction {
      try connection.execute("set local lock_timeout = '5s'")
      try connection.execute(
        "drop trigger if exists \(identifier: name) on \(identifier: embeddings)")
      try Self.dropRemains(of: model, connection)
      try connection.execute("delete from vector_tables where model_id = \(model.id)")
    }
  }

  /// Drops the table and the function of a model whose embeddings have no trigger, if there are.
  static func dropRemains(of model: StoredModel, _ connection: Connection) throws {
    try connection.execute("drop table if exists \(identifier: name(of: model))")
    try connection.execute("drop function if exists \(identifier: function(of: model))()")
  }

  /// Rows of each side, and bytes of table and indexes.
  package func size(_ connection: Connection) throws -> (molecules: Int, texts: Int, bytes: Int) {
    let row = try connection.query(
      """
      select count(*) filter (where modality = 1), count(*) filter (where modality = 2),
        pg_total_relation_size(to_regclass(\(name)))
      from \(identifier: name)
      """
    ).single()
    return (try row.value(at: 0), try row.value(at: 1), try row.value(at: 2))
  }
}
