import Postgres
import Records
import Synchronization
import Tensor

/// Stores chunks: each with its embeddings, its bad rows and the run's progress, or nothing of it.
final class CorpusChunkWriter: Sendable {
  let connection: Connection
  let corpus: StoredCorpus
  let model: StoredModel
  let source: SourceFile
  private let isStrict: Bool
  private let state: Mutex<State>

  private struct State {
    var run: IndexRun
    let rejects: RejectsFile
  }

  init(
    connection: Connection, corpus: StoredCorpus, model: StoredModel, source: SourceFile,
    run: IndexRun, rejectsPath: String, isStrict: Bool
  ) {
    self.connection = connection
    self.corpus = corpus
    self.model = model
    self.source = source
    self.isStrict = isStrict
    state = Mutex(State(run: run, rejects: RejectsFile(path: rejectsPath)))
  }

  /// The run as far as it is stored.
  var run: IndexRun { state.withLock { $0.run } }

  /// Stores one chunk in one transaction.
  ///
  /// The bad rows go to their file before the commit: after a kill in between, the next run takes
  /// them back (``RejectsFile/trim(_:source:behind:)``). Throws ``IndexError/badRow(_:)`` in strict indexing,
  /// `PostgresError` and `RecordsError`.
  func write(_ chunk: CorpusChunk, _ vectors: CorpusChunkVectors) throws {
    try state.withLock { state in
      var run = state.run
      try connection.transaction {
        let known = try knownItems(chunk)
        let placing = try CorpusChunkPlacing(
          chunk, known: known, path: source.path, newIDs: reserveIDs)
        let rejected = (chunk.rejected + placing.duplicates).sorted { $0.line < $1.line }
        if isStrict, let first = rejected.first { throw IndexError.badRow(first) }
        try insertItems(chunk, placing)
        try updateItems(chunk, placing)
        try insertEmbeddings(vectors, placing)
        run.linesDone = chunk.linesDone
        run.rowsIndexed += placing.storedCount
        run.rowsRejected += rejected.count
        try IndexRunStore(connection).save(run)
        for row in rejected { try state.rejects.append(row) }
      }
      state.run = run
    }
  }

  /// Marks the run as done.
  func finish() throws {
    try state.withLock { state in
      state.run.isFinished = true
      try IndexRunStore(connection).save(state.run)
    }
  }

  /// Items of the corpus with the chunk's ids, by the bytes of the id.
  private func knownItems(_ chunk: CorpusChunk) throws -> [[UInt8]: CorpusChunkPlacing.Known] {
    let ids = chunk.rows.map(\.record.id)
    let rows = try connection.query(
      """
      select source_id, id, case when source_sha256 = \(source.sha256) then source_line end
      from items where corpus_id = \(corpus.id) and source_id = any(\(ids))
      """)
    var known: [[UInt8]: CorpusChunkPlacing.Known] = [:]
    known.reserveCapacity(rows.count)
    for row in rows {
      known[Array(try row.value(at: 0, as: String.self).utf8)] = CorpusChunkPlacing.Known(
        id: try row.value(at: 1), line: try row.value(at: 2))
    }
    return known
  }

  private func reserveIDs(_ count: Int) throws -> [Int64] {
    try connection.query(
      """
      select nextval(pg_get_serial_sequence('items', 'id')) from generate_series(1, \(count))
      """
    ).map { try $0.value(at: 0) }
  }
}

/// Which item of the database each row of a chunk becomes.
struct CorpusChunkPlacing {
  /// An item that the corpus has already.
  struct Known {
    let id: Int64
    /// The line of this very file that it was read from; nil when it came from another one.
    let line: Int?
  }

  /// The item's id for each row of the chunk; nil for duplicates.
  private(set) var ids: [Int64?]
  /// Places of rows that become new items.
  private(set) var new: [Int] = []
  /// Places of rows that replace items.
  private(set) var updated: [Int] = []
  /// Rows whose id an earlier line of the file has.
  private(set) var duplicates: [RejectedRecord] = []

  init(
    _ chunk: CorpusChunk, known: [[UInt8]: Known], path: String, newIDs: (Int) throws -> [Int64]
  ) rethrows {
    ids = Array(repeating: nil, count: chunk.rows.count)
    for (place, row) in chunk.rows.enumerated() {
      guard let item = known[Array(row.record.id.utf8)] else {
        new.append(place)
        continue
      }
      if let line = item.line, line < row.record.line {
        duplicates.append(.duplicate(row.record, path: path, firstLine: line))
      } else {
        ids[place] = item.id
        updated.append(place)
      }
    }
    if new.isEmpty { return }
    for (place, id) in zip(new, try newIDs(new.count)) { ids[place] = id }
  }

  var storedCount: Int { new.count + updated.count }
}
