package import Postgres

/// The file that a run reads, as it was when the run began.
package struct SourceFile: Sendable, Equatable {
  package var path: String
  /// In bytes.
  package var size: Int
  /// Of the last change.
  package var time: Timestamp
  /// Lower-case hexadecimal.
  package var sha256: String
}

/// How far one file has been indexed into one corpus under one model.
package struct IndexRun: Sendable, Equatable {
  package let id: Int64
  /// Lines read and stored so far, the header included.
  package var linesDone: Int
  package var rowsIndexed: Int
  package var rowsRejected: Int
  package var isFinished: Bool
}

/// The table of index runs.
///
/// The caller holds the corpus's lock.
package struct IndexRunStore {
  private let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// The file's run, new or as it was left; one that another file has overtaken begins anew.
  ///
  /// From now on the file is the corpus's current one: runs of other files count as overtaken.
  package func open(
    _ file: SourceFile, corpus: StoredCorpus, model: StoredModel
  ) throws -> IndexRun {
    try connection.transaction {
      try connection.execute(
        """
        update index_runs set is_current = false
        where corpus_id = \(corpus.id) and source_sha256 <> \(file.sha256) and is_current
        """)
      try connection.execute(
        """
        update index_runs set lines_done = 0, rows_indexed = 0, rows_rejected = 0,
          finished_at = null, is_current = true, updated_at = now()
        where corpus_id = \(corpus.id) and source_sha256 = \(file.sha256) and not is_current
        """)
      try connection.execute(
        """
        insert into index_runs
          (corpus_id, model_id, source_path, source_size, source_time, source_sha256)
        values
          (\(corpus.id), \(model.id), \(file.path), \(file.size), \(file.time), \(file.sha256))
        on conflict (corpus_id, model_id, source_sha256) do nothing
        """)
      let row = try connection.query(
        """
        select id, lines_done, rows_indexed, rows_rejected, finished_at is not null as finished
        from index_runs where corpus_id = \(corpus.id) and model_id = \(model.id)
          and source_sha256 = \(file.sha256)
        """
      ).single()
      return IndexRun(
        id: try row.value("id"), linesDone: try row.value("lines_done"),
        rowsIndexed: try row.value("rows_indexed"), rowsRejected: try row.value("rows_rejected"),
        isFinished: try row.value("finished"))
    }
  }

  /// Forgets how far a file has come under any model, and which items were read from it; the items
  /// stay.
  package func discard(_ file: SourceFile, corpus: StoredCorpus) throws {
    try connection.transaction {
      try connection.execute(
        """
        update index_runs set lines_done = 0, rows_indexed = 0, rows_rejected = 0,
          finished_at = null, is_current = false, updated_at = now()
        where corpus_id = \(corpus.id) and source_sha256 = \(file.sha256)
        """)
      try connection.execute(
        """
        update items set source_sha256 = null, source_line = null
        where corpus_id = \(corpus.id) and source_sha256 = \(file.sha256)
        """)
    }
  }

  /// Stores how far a run has come; part of the transaction that stores its rows.
  package func save(_ run: IndexRun) throws {
    try connection.execute(
      """
      update index_runs set lines_done = \(run.linesDone), rows_indexed = \(run.rowsIndexed),
        rows_rejected = \(run.rowsRejected), updated_at = now(),
        finished_at = case when \(run.isFinished) then now() end
      where id = \(run.id)
      """)
  }
}
