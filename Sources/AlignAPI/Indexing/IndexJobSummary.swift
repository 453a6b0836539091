import Postgres

/// A job with what people want to know of it.
package struct IndexJobSummary: Sendable {
  package let job: IndexJob
  package let corpus: String
  package let model: String
  /// Rows stored in a second, from its beginning to its end or its last sign of life.
  package let rowsPerSecond: Double
  /// Seconds since it began.
  package let age: Double

  /// A job with its names and times.
  package init(job: IndexJob, corpus: String, model: String, rowsPerSecond: Double, age: Double) {
    self.job = job
    self.corpus = corpus
    self.model = model
    self.rowsPerSecond = rowsPerSecond
    self.age = age
  }
}

extension IndexJobStore {
  /// Every job, the oldest first.
  package func summaries() throws -> [IndexJobSummary] {
    try connection.query(
      """
      select j.*, c.name as corpus, m.name as model,
        extract(epoch from now() - started_at)::float8 as age,
        coalesce(rows_indexed / nullif(extract(epoch from updated_at - started_at), 0), 0)::float8
          as rate
      from index_jobs j join corpora c on c.id = j.corpus_id join models m on m.id = j.model_id
      order by j.id
      """
    ).map { row in
      IndexJobSummary(
        job: try IndexJob(row), corpus: try row.value("corpus"), model: try row.value("model"),
        rowsPerSecond: try row.value("rate"), age: try row.value("age"))
    }
  }
}
