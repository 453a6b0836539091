import Alignment
import Postgres
import Records

/// One transaction that changes source ids of one corpus.
struct ItemTransaction {
  let connection: Connection
  let corpus: String
  /// The served model's.
  let checksum: String
  let prepared: PreparedChanges

  /// Old entries of the change log that go with one transaction: more than it adds.
  private static let prunedChanges = 20

  /// Runs it, first beside other additions, and for itself where it changes what is there.
  func run<Answer: Sendable>(
    _ steps: ItemWriteSteps<Answer>
  ) throws -> Answer {
    let deletes = prepared.changes.contains { if case .delete = $0 { true } else { false } }
    if steps.check == nil && !deletes {
      do {
        return try attempt(.additions, steps)
      } catch ChunkInterruption.needsChanges {
      } catch let error as PostgresError where error.isWriteConflict {
      }
    }
    return try attempt(.changes, steps)
  }

  private func attempt<Answer: Sendable>(
    _ lock: CorpusLock, _ steps: ItemWriteSteps<Answer>
  ) throws -> Answer {
    try connection.transaction {
      if let answer = try steps.begin(connection) { return answer }
      guard let stored = try corpusForWriting() else {
        // Nothing can be deleted where there is no corpus.
        try steps.check?(connection)
        return try steps.finish(connection, ItemWriteOutcome(results: absent, version: 0))
      }
      try lock.take(corpus: stored.id, connection)
      try steps.check?(connection)
      let writer = ChunkWriter(
        connection: connection, corpusID: stored.id,
        model: try ModelStore(connection).served(checksum), path: "", isStrict: false)
      let (results, change) = try write(writer, lock)
      if !change.isEmpty {
        try overtakeFiles(stored)
        try CorpusStore(connection).pruneChanges(of: stored, limit: Self.prunedChanges)
      }
      let version: Int64 =
        try writer.recordChange(change)
        ?? connection.query("select version from corpora where id = \(stored.id)").single()
        .value(at: 0)
      return try steps.finish(connection, ItemWriteOutcome(results: results, version: version))
    }
  }

  /// The corpus; made when something is put.
  private func corpusForWriting() throws -> StoredCorpus? {
    let store = CorpusStore(connection)
    return prepared.chunk.rows.isEmpty ? try store.find(corpus) : try store.findOrAdd(corpus)
  }

  private var absent: [ItemResult] {
    let refusals = Dictionary(
      prepared.chunk.rejected.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
    return prepared.changes.enumerated().map { place, change in
      switch change {
      case .put(let record): ItemResult(.refused, refusal: refusals[record.line])
      case .delete(let id):
        ItemResult(.refused, refusal: .unknownSource(id, line: place + 1))
      }
    }
  }

  /// Files that were indexed before are no longer what the corpus says.
  private func overtakeFiles(_ corpus: StoredCorpus) throws {
    try connection.execute(
      """
      update index_jobs set is_current = false
      where corpus_id = \(corpus.id) and kind = 'file' and is_current
      """)
  }

  private func write(
    _ writer: ChunkWriter, _ lock: CorpusLock
  ) throws -> ([ItemResult], StoredChange) {
    let chunk = prepared.chunk
    let before = try writer.lookup.states(of: chunk)
    let unchanged = Set(chunk.rows.indices.filter { before[$0]?.isSame == true })
    let stored = try writer.store(chunk.without(unchanged), job: nil, lock)
    var change = stored.change
    var items: [Int: Int64] = [:]
    for (place, row) in chunk.rows.indices.filter({ !unchanged.contains($0) }).enumerated() {
      items[row] = stored.placing.item(ofRow: place)
    }
    let deletions = prepared.changes.compactMap { change in
      if case .delete(let id) = change { id } else { nil }
    }
    let deleted = try writer.deleteSources(deletions, &change)
    return (results(before, items, deleted), change)
  }

  /// The results in the order of the changes.
  private func results(
    _ before: [Int: RowState], _ items: [Int: Int64], _ deleted: [[UInt8]: Int64]
  ) -> [ItemResult] {
    var results: [Int: ItemResult] = [:]
    for row in prepared.chunk.rejected { results[row.line] = ItemResult(.refused, refusal: row) }
    for (place, row) in prepared.chunk.rows.enumerated() {
      let state = before[place]
      results[row.line] =
        state?.isSame == true
        ? ItemResult(.unchanged, itemID: state?.itemID)
        : ItemResult(state == nil ? .created : .updated, itemID: items[place])
    }
    return prepared.changes.enumerated().map { place, change in
      switch change {
      case .put(let record):
        guard let result = results[record.line] else {
          preconditionFailure("row \(record.line) has no result")
        }
        return result
      case .delete(let id):
        guard let item = deleted[Array(id.utf8)] else {
          return ItemResult(.refused, refusal: .unknownSource(id, line: place + 1))
        }
        return ItemResult(.deleted, itemID: item)
      }
    }
  }
}
