package import Postgres

/// The table of jobs.
package struct IndexJobStore {
  let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// The job of that number.
  package func find(_ id: Int64) throws -> IndexJob? {
    try connection.query(
      "select \(fragment: IndexJob.columns) from index_jobs where id = \(id)"
    ).first.map { row in try IndexJob(row) }
  }

  /// The job of that number, which is known to be there.
  func job(_ id: Int64) throws -> IndexJob {
    guard let job = try find(id) else { throw IndexError.unknownJob(id: id) }
    return job
  }

  /// The job of that number, which is to be one of the model.
  ///
  /// Throws ``IndexError/unknownJob(id:)`` and ``IndexError/jobOfOtherModel(id:found:expected:)``.
  @discardableResult
  package func job(_ id: Int64, of model: StoredModel) throws -> IndexJob {
    let job = try job(id)
    if job.modelID != model.id {
      let found: String = try connection.query(
        "select name from models where id = \(job.modelID)"
      ).single().value(at: 0)
      throw IndexError.jobOfOtherModel(id: id, found: found, expected: model.name)
    }
    return job
  }

  /// The number of the source's job: of a file the one that it had before, of a corpus the one
  /// that was not finished; else a new one.
  func findOrAdd(_ source: IndexSource, corpus: StoredCorpus, model: StoredModel) throws -> Int64 {
    switch source {
    case .file(let file):
      try connection.execute(
        """
        insert into index_jobs
          (corpus_id, model_id, kind, source_path, source_size, source_time, source_sha256)
        values
          (\(corpus.id), \(model.id), 'file', \(file.path), \(file.size), \(file.time),
           \(file.sha256))
        on conflict (corpus_id, model_id, source_sha256) where source_sha256 is not null do nothing
        """)
      return try connection.query(
        """
        select id from index_jobs where corpus_id = \(corpus.id) and model_id = \(model.id)
          and source_sha256 = \(file.sha256)
        """
      ).single().value(at: 0)
    case .standardInput:
      return try connection.query(
        """
        insert into index_jobs (corpus_id, model_id, kind, source_path)
        values (\(corpus.id), \(model.id), 'file', '-') returning id
        """
      ).single().value(at: 0)
    case .corpus:
      let open = try connection.query(
        """
        select id from index_jobs where corpus_id = \(corpus.id) and model_id = \(model.id)
          and kind = 'reembed' and state <> 'done' order by id desc limit 1
        """)
      if let row = open.first { return try row.value(at: 0) }
      return try connection.query(
        """
        insert into index_jobs (corpus_id, model_id, kind)
        values (\(corpus.id), \(model.id), 'reembed') returning id
        """
      ).single().value(at: 0)
    }
  }

  /// Opens a job for its reader, who holds its lock: a new one, one that is as it was left, or one
  /// that another file has overtaken, which begins anew.
  ///
  /// From now on a file is the corpus's current one: jobs of other files count as overtaken. What
  /// was done already is left alone.
  func begin(
    _ id: Int64, source: IndexSource, corpus: StoredCorpus, isStrict: Bool
  ) throws -> IndexJob {
    try connection.transaction {
      let job = try job(id)
      if source != .corpus {
        try connection.execute(
          """
          update index_jobs set is_current = false
          where corpus_id = \(corpus.id) and kind = 'file' and id <> \(id) and is_current
            and source_sha256 is distinct from \(source.file?.sha256)
          """)
      }
      if !job.isCurrent || source == .corpus {
        try restart(id, source: source, corpus: corpus)
      } else if job.state != .done {
        try reopen(id)
      }
      try connection.execute("update index_jobs set is_strict = \(isStrict) where id = \(id)")
      return try self.job(id)
    }
  }

  private func restart(_ id: Int64, source: IndexSource, corpus: StoredCorpus) throws {
    try connection.execute("delete from index_chunks where job_id = \(id)")
    try connection.execute("delete from index_rejects where job_id = \(id)")
    try connection.execute(
      """
      update index_jobs set state = 'reading', error = null, is_read = false, lines_read = 0,
        bytes_read = 0, chunks_made = 0, chunks_done = 0, rows_indexed = 0, rows_rejected = 0,
        started_at = now(), updated_at = now(), finished_at = null, is_current = true,
        source_size = case when kind = 'file' then source_size
          else (select count(*) from items where corpus_id = \(corpus.id)) end
      where id = \(id)
      """)
  }

  /// Lets workers take what failed before; part of a transaction.
  private func reopen(_ id: Int64) throws {
    try connection.execute(
      """
      update index_chunks set error = null, attempts = 0, leased_until = null
      where job_id = \(id) and error is not null
      """)
    try connection.execute(
      """
      update index_jobs set error = null, updated_at = now(),
        state = case when not is_read then 'reading' when chunks_done < chunks_made then 'working'
          else 'done' end,
        finished_at = case when is_read and chunks_done = chunks_made then now() end
      where id = \(id)
      """)
  }

  /// Ends a job that is open, for that reason; returns whether it was.
  @discardableResult
  func fail(_ id: Int64, _ reason: String) throws -> Bool {
    try connection.execute(
      """
      update index_jobs set state = 'failed', error = \(reason), updated_at = now(),
        finished_at = now()
      where id = \(id) and state in ('reading', 'working')
      """) == 1
  }

  /// Ends a job that is open; what is stored stays, what waits is kept for ``retry(_:)``.
  ///
  /// Throws ``IndexError/unknownJob(id:)`` and ``IndexError/jobState(id:found:expected:)``.
  package func cancel(_ id: Int64) throws {
    let count = try connection.execute(
      """
      update index_jobs set state = 'cancelled', updated_at = now(), finished_at = now()
      where id = \(id) and state in ('reading', 'working')
      """)
    if count == 0 {
      throw IndexError.jobState(id: id, found: try job(id).state, expected: "open")
    }
  }

  /// Opens a job again that failed or was cancelled, and returns it as it is then.
  ///
  /// Throws ``IndexError/unknownJob(id:)`` and ``IndexError/jobState(id:found:expected:)``.
  package func retry(_ id: Int64) throws -> IndexJob {
    try connection.transaction {
      let job = try job(id)
      guard job.state == .failed || job.state == .cancelled else {
        throw IndexError.jobState(id: id, found: job.state, expected: "failed or cancelled")
      }
      try reopen(id)
      return try self.job(id)
    }
  }

  /// Forgets how far a job's file has come and which rows were read by it; the items stay.
  ///
  /// Chunks are taken before the job's row, as workers take them: one that stores a chunk at this
  /// moment is waited for, and later ones find their chunk gone.
  func discard(_ id: Int64, _ reason: String) throws {
    try connection.transaction {
      try connection.execute("delete from index_chunks where job_id = \(id)")
      try connection.execute(
        """
        update index_jobs set state = 'failed', error = \(reason), is_read = false, lines_read = 0,
          bytes_read = 0, chunks_made = 0, chunks_done = 0, rows_indexed = 0, rows_rejected = 0,
          updated_at = now(), finished_at = now(), is_current = false
        where id = \(id)
        """)
      try connection.execute("delete from index_rejects where job_id = \(id)")
      try connection.execute(
        "update item_sources set job_id = null, source_line = null where job_id = \(id)")
    }
  }
}
