package import Alignment
import Digest
import Foundation
package import Postgres
import Records

/// Reads a corpus file, embeds its molecules and texts with a model, and stores both.
///
/// Every row is stored exactly once, whatever happens: rows, embeddings and the mark of how far the
/// file has come are committed together, a chunk at a time, so that the same call after a kill goes
/// on behind the last stored chunk. A row whose id the corpus knows replaces the item; items that a
/// changed file no longer has stay.
package struct Indexer {
  /// The checkpoint that embeds.
  package let checkpoint: Checkpoint
  /// The checkpoint's folder.
  package let modelFolder: String
  /// A database that is up to date.
  package let settings: ConnectionSettings
  /// Most rows that are stored together.
  package var chunkRows = 2048
  /// How long to wait for another process that indexes the same corpus.
  ///
  /// One that was killed a moment ago holds the corpus until the server notices.
  package var patience: Duration = .seconds(5)

  package init(checkpoint: Checkpoint, modelFolder: String, settings: ConnectionSettings) {
    self.checkpoint = checkpoint
    self.modelFolder = modelFolder
    self.settings = settings
  }

  /// What to index.
  package struct Request: Sendable {
    /// The corpus file; rows need `id` and `smiles` or `text` or both.
    package var path: String
    /// The corpus's name in the database.
    package var corpus: String
    /// Where bad rows are listed.
    package var rejectsPath: String
    /// Whether the first bad row ends the work.
    package var isStrict: Bool

    package init(path: String, corpus: String, rejectsPath: String, isStrict: Bool = false) {
      self.path = path
      self.corpus = corpus
      self.rejectsPath = rejectsPath
      self.isStrict = isStrict
    }
  }

  /// Indexes the file, or goes on where an earlier call was interrupted.
  ///
  /// `shouldStop` is asked before each chunk. Throws ``IndexError``, ``DatabaseError``,
  /// `RecordsError`, `DigestError` and `PostgresError`; chunks stored before stay.
  package func index(
    _ request: Request, shouldStop: () -> Bool = { false }, report: (IndexEvent) -> Void = { _ in }
  ) throws -> IndexOutcome {
    let source = try SourceFile(path: request.path)
    // A file without a usable header leaves no corpus behind.
    _ = try RecordReader(path: request.path)
    let connection = try Connection(settings)
    let model = try ModelStore(connection).register(checkpoint, folder: modelFolder)
    let corpus = try CorpusStore(connection).findOrAdd(request.corpus)
    let lock = try lock(corpus, connection)
    // The lock ends with the connection in any case, but the server takes a moment to notice.
    defer { _ = try? connection.unlockAdvisory(lock) }
    let run = try IndexRunStore(connection).open(source, corpus: corpus, model: model)
    var outcome = IndexOutcome(
      end: .alreadyIndexed, model: model.name, items: 0, rejected: 0,
      totalItems: run.rowsIndexed, totalRejected: run.rowsRejected, stages: IndexStages())
    if request.isStrict && run.rowsRejected > 0 {
      throw IndexError.indexedWithRejects(
        path: request.path, count: run.rowsRejected, rejectsPath: request.rejectsPath)
    }
    if run.isFinished { return outcome }

    if run.linesDone > 0 { report(.resumed(afterLine: run.linesDone)) }
    try RejectsFile.trim(request.rejectsPath, source: request.path, behind: run.linesDone)
    let writer = CorpusChunkWriter(
      connection: connection, corpus: corpus, model: model, source: source, run: run,
      rejectsPath: request.rejectsPath, isStrict: request.isStrict)
    do {
      outcome.end = try pump(
        request, from: run, into: writer, stages: &outcome.stages, shouldStop: shouldStop,
        report: report)
    } catch {
      try confirm(source, corpus, connection)
      throw error
    }
    try confirm(source, corpus, connection)
    if outcome.end == .finished { try writer.finish() }
    outcome.totalItems = writer.run.rowsIndexed
    outcome.totalRejected = writer.run.rowsRejected
    outcome.items = outcome.totalItems - run.rowsIndexed
    outcome.rejected = outcome.totalRejected - run.rowsRejected
    return outcome
  }

  /// Checks that the file still says what its run is filed under.
  ///
  /// Otherwise lines of other content count as done: all runs of the file begin anew, and
  /// ``IndexError/sourceChanged(path:)`` is thrown.
  private func confirm(
    _ source: SourceFile, _ corpus: StoredCorpus, _ connection: Connection
  ) throws {
    if let digest = try? SHA256Digest.ofFile(at: source.path), digest.hexadecimal == source.sha256 {
      return
    }
    try IndexRunStore(connection).discard(source, corpus: corpus)
    throw IndexError.sourceChanged(path: source.path)
  }

  /// Reads and encodes chunk after chunk while the one before is written on another thread.
  private func pump(
    _ request: Request, from run: IndexRun, into writer: CorpusChunkWriter,
    stages: inout IndexStages, shouldStop: () -> Bool, report: (IndexEvent) -> Void
  ) throws -> IndexOutcome.End {
    let clock = ContinuousClock()
    let start = clock.now
    var reader = try CorpusChunkReader(
      path: request.path, afterLine: run.linesDone, isStrict: request.isStrict,
      rowLimit: chunkRows)
    let background = BackgroundStep()
    var storedShare = 0.0
    func settle() throws {
      let before = clock.now
      guard try background.finish() else { return }
      stages.waiting += (clock.now - before) / .seconds(1)
      let now = writer.run
      report(
        .progress(
          IndexProgress(
            share: storedShare, items: now.rowsIndexed - run.rowsIndexed,
            rejected: now.rowsRejected - run.rowsRejected)))
    }
    var end = IndexOutcome.End.stopped
    do {
      while !shouldStop() {
        let chunk = try reader.next()
        let encodingStart = clock.now
        let vectors = try CorpusChunkVectors(
          chunk, model: checkpoint.model, path: request.path)
        stages.encoding += (clock.now - encodingStart) / .seconds(1)
        try settle()
        storedShare = chunk.share
        background.begin { try writer.write(chunk, vectors) }
        if chunk.isLast {
          end = .finished
          break
        }
      }
    } catch {
      // What is being written is good: let it be stored before the error goes up.
      _ = try? background.finish()
      throw error
    }
    try settle()
    stages.reading = reader.seconds.reading
    stages.parsing = reader.seconds.parsing
    stages.writing = background.seconds
    stages.total = (clock.now - start) / .seconds(1)
    return end
  }

  /// Keeps other processes from writing to the corpus; returns the number of the lock.
  private func lock(_ corpus: StoredCorpus, _ connection: Connection) throws -> Int64 {
    // "lig." in ASCII above the corpus's id: apart from the migrations' lock.
    let key = 0x6c69_672e << 32 | corpus.id
    let deadline = ContinuousClock.now + patience
    while try !connection.tryLockAdvisory(key) {
      guard ContinuousClock.now < deadline else {
        throw IndexError.corpusIsBusy(name: corpus.name)
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return key
  }
}

extension SourceFile {
  /// Looks at a file and takes its checksum.
  ///
  /// Throws ``IndexError/notAFile(path:)`` and `DigestError`.
  init(path: String) throws {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    let digest = try SHA256Digest.ofFile(at: path)
    guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
      let size = attributes[.size] as? Int, let time = attributes[.modificationDate] as? Date
    else { throw IndexError.notAFile(path: path) }
    self.init(
      path: path, size: size,
      time: Timestamp(microsecondsSince1970: Int64(time.timeIntervalSince1970 * 1_000_000)),
      sha256: digest.hexadecimal)
  }
}
