package import Postgres

/// A job with what people want to know of it.
package struct IndexJobSummary: Sendable {
  package let job: IndexJob
  package let corpus: String
  package let model: String
  /// Rows of the file, bad ones included; nil where they were not counted beforehand.
  package let totalRows: Int?
  package let createdAt: Timestamp
  /// When something was last stored or its state changed.
  package let updatedAt: Timestamp
  /// Rows stored in a second, from its beginning to its end or its last sign of life.
  package let rowsPerSecond: Double
  /// Seconds since it began.
  package let age: Double

  fileprivate init(_ row: Row) throws(PostgresError) {
    job = try IndexJob(row)
    corpus = try row.value("corpus")
    model = try row.value("model")
    totalRows = try row.value("rows_total")
    createdAt = try row.value("started_at")
    updatedAt = try row.value("updated_at")
    rowsPerSecond = try row.value("rate")
    age = try row.value("age")
  }
}

extension IndexJobStore {
  private static let summary: SQLStatement = """
    select j.*, c.name as corpus, m.name as model,
      extract(epoch from now() - started_at)::float8 as age,
      coalesce(rows_indexed / nullif(extract(epoch from updated_at - started_at), 0), 0)::float8
        as rate
    from index_jobs j join corpora c on c.id = j.corpus_id join models m on m.id = j.model_id
    """

  /// Every job, the oldest first.
  package func summaries() throws -> [IndexJobSummary] {
    try connection.query("\(fragment: Self.summary) order by j.id").map { row in
      try IndexJobSummary(row)
    }
  }

  /// The newest jobs before one, or of all, the newest first.
  package func summaries(before id: Int64?, limit: Int) throws -> [IndexJobSummary] {
    try connection.query(
      """
      \(fragment: Self.summary) where j.id < \(id ?? Int64.max) order by j.id desc limit \(limit)
      """
    ).map { row in try IndexJobSummary(row) }
  }

  /// The job of that number.
  package func summary(_ id: Int64) throws -> IndexJobSummary? {
    try connection.query("\(fragment: Self.summary) where j.id = \(id)").first.map { row in
      try IndexJobSummary(row)
    }
  }
}
