import Alignment
package import Postgres
import Records
import Tensor

/// Stores chunks: each with its items, vectors, bad rows and the job's counts, or nothing of it.
package struct ChunkWriter: Sendable {
  let connection: Connection
  let corpusID: Int64
  let model: StoredModel
  /// The file's path, for the reports of bad rows.
  let path: String
  /// Whether a bad row keeps the whole chunk from being stored.
  let isStrict: Bool

  /// A writer to a corpus; the connection is its own while it writes.
  package init(
    connection: Connection, corpusID: Int64, model: StoredModel, path: String, isStrict: Bool
  ) {
    self.connection = connection
    self.corpusID = corpusID
    self.model = model
    self.path = path
    self.isStrict = isStrict
  }

  var lookup: ItemLookup {
    ItemLookup(connection: connection, corpusID: corpusID, modelID: model.id)
  }

  /// Stores one chunk in one transaction.
  ///
  /// Throws ``IndexError/badRow(_:)`` in strict indexing, ``ChunkInterruption`` `.leaseLost` and
  /// `.vectorsMissing`, and `PostgresError`.
  package func write(_ chunk: PreparedChunk, _ lease: ChunkLease) throws {
    do {
      return try write(chunk, lease, .additions)
    } catch ChunkInterruption.needsChanges {
    } catch let error as PostgresError where error.isWriteConflict {
    }
    try write(chunk, lease, .changes)
  }

  private func write(_ chunk: PreparedChunk, _ lease: ChunkLease, _ lock: CorpusLock) throws {
    try connection.transaction {
      try takeAway(lease)
      try lock.take(corpus: corpusID, connection)
      let stored = try store(chunk, job: lease.jobID, lock)
      try insertRejects(stored.rejected, job: lease.jobID)
      try IndexJobStore(connection).chunkDone(
        lease.jobID, indexed: stored.placing.rows.count - stored.placing.overtaken,
        rejected: stored.rejected.count)
      try recordChange(stored.change)
    }
  }

  /// What was stored of a chunk.
  struct Stored {
    let placing: ChunkPlacing
    /// Bad rows, by line.
    let rejected: [RejectedRecord]
    var change: StoredChange
  }

  /// Stores rows with their items and vectors; part of a transaction that has the lock.
  ///
  /// `job` is nil for rows of no file. Throws ``IndexError/badRow(_:)`` in strict indexing,
  /// ``ChunkInterruption`` `.needsChanges` and `.vectorsMissing`, and `PostgresError`.
  func store(_ chunk: PreparedChunk, job: Int64?, _ lock: CorpusLock) throws -> Stored {
    // An item that has come since then is a conflict of keys, and met under the other lock.
    let known =
      chunk.isUnknown && lock == .additions ? [:] : try lookup.items(chunk.contents.map(\.key))
    let sources = try lookup.sources(chunk.rows.map(\.id), job: job)
    if case .additions = lock, try !sources.isEmpty || differs(chunk, known) {
      throw ChunkInterruption.needsChanges
    }
    var placing = ChunkPlacing(chunk, known: known, sources: sources, path: path)
    let rejected = (chunk.rejected + placing.rejected).sorted { $0.line < $1.line }
    if isStrict, let first = rejected.first { throw IndexError.badRow(first) }
    try adoptOldItems(chunk, &placing)
    try placing.number(with: lookup.newIDs)

    try insertItems(chunk, placing)
    try insertNumbers(chunk, placing)
    try deleteSources(placing)
    try insertSources(chunk, placing, job: job, lock)
    let changed = lock == .changes ? try settleProperties(of: placing.touched) : []
    let deleted = try deleteOrphans(among: placing.movedFrom)
    let embedded = try insertEmbeddings(chunk, placing)
    let written = Set(placing.newIDs + placing.movedTo + changed + embedded)
      .subtracting(deleted)
    return Stored(
      placing: placing, rejected: rejected,
      change: StoredChange(
        written: written, deleted: Set(deleted), isEmbedded: !embedded.isEmpty))
  }

  /// Stores vectors of items that are there already, as far as they lack them, in one transaction.
  ///
  /// Throws as ``write(_:_:)``.
  func embed(
    _ items: [(id: Int64, content: ItemContent)], _ vectors: ContentVectors, _ lease: ChunkLease
  ) throws {
    try connection.transaction {
      try takeAway(lease)
      // Nobody deletes an item meanwhile.
      try CorpusLock.additions.take(corpus: corpusID, connection)
      let there = try lookup.sides(of: items.map(\.id))
      var lacking: [(place: Int, id: Int64, sides: [Modality])] = []
      for (place, item) in items.enumerated() {
        guard let known = there[item.id] else { continue }
        let sides = Modality.allCases.filter { item.content.has($0) && !known.has($0) }
        if !sides.isEmpty { lacking.append((place, item.id, sides)) }
      }
      try copyEmbeddings(lacking, vectors)
      try IndexJobStore(connection).chunkDone(lease.jobID, indexed: lacking.count, rejected: 0)
      try recordChange(
        StoredChange(written: Set(lacking.map(\.id)), deleted: [], isEmbedded: true))
    }
  }

  /// Removes the chunk from the queue, if it is still this worker's.
  private func takeAway(_ lease: ChunkLease) throws {
    let taken = try connection.execute(
      """
      delete from index_chunks
      where job_id = \(lease.jobID) and number = \(lease.number) and attempts = \(lease.attempt)
      """)
    if taken == 0 { throw ChunkInterruption.leaseLost }
  }

  private func differs(
    _ chunk: PreparedChunk, _ known: [ContentKey: KnownItem]
  ) throws -> Bool {
    if known.isEmpty { return false }
    let rows = chunk.rows.compactMap { row in
      let key = chunk.contents[row.content].key
      return known[key] == nil ? nil : (key, row.properties)
    }
    return try lookup.differ(rows)
  }

  /// The last statement of the transaction; returns the corpus's version, nil where nothing has
  /// changed.
  @discardableResult
  func recordChange(_ change: StoredChange) throws -> Int64? {
    if change.isEmpty { return nil }
    return try connection.query(
      """
      select record_change(\(corpusID), \(change.isEmbedded ? model.id : nil),
        \(change.written.sorted()), \(change.deleted.sorted()))
      """
    ).single().value(at: 0)
  }
}

/// What a transaction has changed of a corpus.
struct StoredChange {
  /// Items that are new, changed or have new vectors.
  var written: Set<Int64> = []
  var deleted: Set<Int64> = []
  /// Whether vectors were written.
  var isEmbedded = false

  var isEmpty: Bool { written.isEmpty && deleted.isEmpty }
}

extension IndexJobStore {
  /// Counts a chunk that is stored in this transaction; the job is done with the last one.
  ///
  /// Throws ``ChunkInterruption`` `.leaseLost` when the job was ended.
  func chunkDone(_ id: Int64, indexed: Int, rejected: Int) throws {
    let open = try connection.execute(
      """
      update index_jobs set chunks_done = chunks_done + 1, updated_at = now(),
        rows_indexed = rows_indexed + \(indexed), rows_rejected = rows_rejected + \(rejected),
        state = case when state = 'working' and chunks_done + 1 = chunks_made then 'done'
          else state end,
        finished_at = case when state = 'working' and chunks_done + 1 = chunks_made then now() end
      where id = \(id) and state in ('reading', 'working')
      """)
    if open == 0 { throw ChunkInterruption.leaseLost }
  }
}
