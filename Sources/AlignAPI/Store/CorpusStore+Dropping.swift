import Postgres

/// How far the deletion of a corpus has come.
package struct CorpusDropProgress: Sendable, Equatable {
  /// Items deleted by this call.
  package var deleted: Int
  /// Items that there were when it began.
  package let total: Int
}

extension CorpusStore {
  /// Deletes a corpus with its items, their embeddings and its jobs; other corpora stay.
  ///
  /// Items go in transactions of at most `batch`, each with its entry in the change log, so that
  /// nobody waits for long. When it is broken off, the same call goes on. `shouldStop` is asked
  /// before each batch; returns false when it stopped. `entry` goes into the audit log with the
  /// first transaction, `finish` is part of the last. Throws `PostgresError`.
  @discardableResult
  package func drop(
    _ corpus: StoredCorpus, batch: Int = 10_000, recording entry: AuditEntry? = nil,
    shouldStop: () -> Bool = { false }, report: (CorpusDropProgress) -> Void = { _ in },
    finish: () throws -> Void = {}
  ) throws -> Bool {
    precondition(batch > 0, "batches of \(batch) items")
    try cancelJobs(corpus, recording: entry)
    var progress = CorpusDropProgress(deleted: 0, total: try counts(corpus).items)
    while !shouldStop() {
      let deleted = try deleteItems(corpus, limit: batch)
      progress.deleted += deleted
      report(progress)
      if deleted < batch {
        try connection.transaction {
          // Whatever was indexed meanwhile goes too.
          try connection.execute("select record_change(\(corpus.id), null, '{}', '{}')")
          try connection.execute("delete from corpora where id = \(corpus.id)")
          try finish()
        }
        return true
      }
    }
    return false
  }

  /// Ends the jobs that would fill the corpus again; workers find no chunk of theirs any more.
  private func cancelJobs(_ corpus: StoredCorpus, recording entry: AuditEntry?) throws {
    try connection.transaction {
      if let entry { try AuditLog(connection).record(entry) }
      let jobs = try connection.query(
        """
        update index_jobs set state = 'cancelled', finished_at = now(), updated_at = now()
        where corpus_id = \(corpus.id) and state in ('reading', 'working') returning id
        """
      ).map { try $0.value(at: 0, as: Int64.self) }
      try connection.execute("delete from index_chunks where job_id = any(\(jobs))")
    }
  }

  private func deleteItems(_ corpus: StoredCorpus, limit: Int) throws -> Int {
    try connection.transaction {
      try CorpusLock.changes.take(corpus: corpus.id, connection)
      let ids = try connection.query(
        """
        delete from items where id in
          (select id from items where corpus_id = \(corpus.id) limit \(limit))
        returning id
        """
      ).map { try $0.value(at: 0, as: Int64.self) }
      if !ids.isEmpty {
        try connection.execute("select record_change(\(corpus.id), null, '{}', \(ids))")
      }
      return ids.count
    }
  }
}
