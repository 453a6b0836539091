import Alignment
package import Postgres
package import Records

/// Makes a job of a file that is here for a moment only: all of its rows go into the queue.
///
/// Part of one transaction, so that a file is queued as a whole or not at all, and any worker
/// anywhere can go on with it. Memory is bounded by one chunk.
package struct JobQueueing {
  private let connection: Connection
  private let checksum: String

  /// What the job's file is called.
  package static let path = "upload"
  /// Rows in a chunk: a second's work for one thread.
  private static let chunkRows = 512

  /// For the model with that checksum.
  package init(_ connection: Connection, checksum: String) {
    self.connection = connection
    self.checksum = checksum
  }

  /// Queues the rows of a file of `size` bytes for a corpus, which is made when there is none;
  /// returns the job's number.
  ///
  /// Throws `RecordsError` for a file that cannot be read, ``IndexError/unknownModel(checksum:)``
  /// and `PostgresError`.
  package func queue(_ reader: RecordReader, size: Int, corpus name: String) throws -> Int64 {
    let model = try ModelStore(connection).served(checksum)
    let corpora = CorpusStore(connection)
    let corpus = try corpora.findOrAdd(name)
    try corpora.pruneChanges(of: corpus)
    let job: Int64 = try connection.query(
      """
      insert into index_jobs (corpus_id, model_id, kind, source_path, source_size)
      values (\(corpus.id), \(model.id), 'file', \(Self.path), \(size)) returning id
      """
    ).single().value(at: 0)
    try connection.execute(
      """
      update index_jobs set is_current = false
      where corpus_id = \(corpus.id) and kind = 'file' and id <> \(job) and is_current
      """)
    var source = FileChunkSource(reader, rowLimit: Self.chunkRows)
    var (chunks, rows) = (Int32(0), 0)
    while true {
      let chunk = try source.next(connection)
      if !chunk.isEmpty {
        chunks += 1
        if case .rows(let outcomes) = chunk.payload { rows += outcomes.count }
        try connection.execute(
          """
          insert into index_chunks (job_id, number, payload)
          values (\(job), \(chunks), \(chunk.payload.bytes))
          """)
      }
      if chunk.isLast {
        try finish(job, chunks: chunks, rows: rows, lines: chunk.end, bytes: chunk.bytesRead)
        return job
      }
    }
  }

  private func finish(_ job: Int64, chunks: Int32, rows: Int, lines: Int, bytes: Int) throws {
    try connection.execute(
      """
      update index_jobs set is_read = true, lines_read = \(lines), bytes_read = \(bytes),
        chunks_made = \(chunks), rows_total = \(rows),
        state = case when \(chunks) = 0 then 'done' else 'working' end,
        finished_at = case when \(chunks) = 0 then now() end, updated_at = clock_timestamp()
      where id = \(job)
      """)
  }
}
