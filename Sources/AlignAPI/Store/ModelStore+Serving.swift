package import Postgres

/// A model and how it stands: whether it answers, and what it has embedded.
package struct ModelOverview: Sendable, Equatable {
  package let model: StoredModel
  /// Whether it is the one that answers where several are loaded.
  package let isPromoted: Bool
  /// When it was last promoted.
  package let promotedAt: Timestamp?
  package let embeddings: EmbeddingCounts
  /// Files and corpora that are being indexed with it now.
  package let openJobs: Int

  /// Whether dropping it loses something.
  package var isInUse: Bool {
    isPromoted || openJobs > 0 || embeddings.molecules + embeddings.texts > 0
  }
}

extension ModelStore {
  /// The channel on which servers hear of a promoted or dropped model, its id as the message.
  package static let channel = "ligature_models"

  /// The model of that name.
  package func find(name: String) throws -> StoredModel? {
    try all().first { $0.name == name }
  }

  /// Every model and how it stands, by name; O(embeddings).
  package func overview() throws -> [ModelOverview] {
    try all().map(overview)
  }

  /// How a model stands; O(its embeddings).
  package func overview(_ model: StoredModel) throws -> ModelOverview {
    let row = try connection.query(
      """
      select is_promoted, promoted_at,
        (select count(*) from index_jobs
          where model_id = models.id and state in ('reading', 'working'))
      from models where id = \(model.id)
      """
    ).single()
    return ModelOverview(
      model: model, isPromoted: try row.value(at: 0), promotedAt: try row.value(at: 1),
      embeddings: try CorpusStore(connection).embeddingCounts(model: model),
      openJobs: try row.value(at: 2))
  }

  /// Makes a model the one that answers, in one transaction, and tells the servers.
  ///
  /// Nothing changes when it is already; returns whether it was not. `entry` goes into the audit
  /// log with the change. Throws `PostgresError`.
  @discardableResult
  package func promote(_ model: StoredModel, recording entry: AuditEntry? = nil) throws -> Bool {
    try connection.transaction { try setPromoted(model, recording: entry) }
  }

  /// The same as part of a transaction.
  package func setPromoted(_ model: StoredModel, recording entry: AuditEntry?) throws -> Bool {
    // Two at a time would both clear the mark before either sets it.
    try connection.execute("lock table models in share row exclusive mode")
    let isPromoted: Bool = try connection.query(
      "select is_promoted from models where id = \(model.id)"
    ).single().value(at: 0)
    if isPromoted { return false }
    try connection.execute("update models set is_promoted = false where is_promoted")
    try connection.execute(
      "update models set is_promoted = true, promoted_at = now() where id = \(model.id)")
    if let entry { try AuditLog(connection).record(entry) }
    try notify(model)
    return true
  }

  /// Deletes a model, its embeddings and its jobs in one transaction, and tells the servers.
  ///
  /// Items stay. The model's partitions are dropped, not emptied, so that this takes no longer for
  /// many embeddings; for that moment nobody may use any model's, and it gives up after five
  /// seconds of waiting for them. Throws `PostgresError`.
  package func drop(_ model: StoredModel, recording entry: AuditEntry? = nil) throws {
    try connection.transaction {
      if let entry { try AuditLog(connection).record(entry) }
      try connection.execute("set local lock_timeout = '5s'")
      try connection.execute("drop table if exists \(identifier: Self.partition(of: model))")
      try VectorTable.dropRemains(of: model, connection)
      try connection.execute("delete from models where id = \(model.id)")
      try notify(model)
    }
  }

  /// The table that holds a model's embeddings and only those.
  static func partition(of model: StoredModel) -> String { "embeddings_m\(model.id)" }

  private func notify(_ model: StoredModel) throws {
    try connection.execute("select pg_notify(\(Self.channel), \("\(model.id)"))")
  }
}
