package import Alignment
import Digest
import Foundation
package import Postgres
package import Records

/// Reads a corpus file into a queue of chunks, and works on them until all are stored.
///
/// Every row is stored exactly once, whatever happens: the reader's mark moves in the transaction
/// that queues a chunk, and a chunk leaves the queue in the transaction that stores its rows and
/// vectors. The same call after a kill goes on behind the last queued line. A row whose id the
/// corpus knows takes that id with it; items without an id left are deleted. Rows that a changed
/// file no longer has stay.
package struct Indexer {
  /// The checkpoint that embeds.
  package let checkpoint: Checkpoint
  /// The checkpoint's folder.
  package let modelFolder: String
  /// A database that is up to date.
  package let settings: ConnectionSettings
  /// Most rows that are stored together.
  package var chunkRows = 1024
  /// How many chunks may wait before the reader pauses.
  package var waitingChunks = 32
  /// How long a chunk stays with a worker that gives no sign of life.
  package var lease: Duration = .seconds(60)
  /// How long to wait for another process that reads the same file.
  ///
  /// One that was killed a moment ago holds the job until the server notices.
  package var patience: Duration = .seconds(5)

  package init(checkpoint: Checkpoint, modelFolder: String, settings: ConnectionSettings) {
    self.checkpoint = checkpoint
    self.modelFolder = modelFolder
    self.settings = settings
  }

  /// What to index.
  package struct Request: Sendable {
    /// The corpus file, `-` for standard input; nil to embed what the corpus has already.
    package var path: String?
    /// The file's format, nil to tell by name and header.
    package var format: RecordFormat?
    /// The corpus's name in the database.
    package var corpus: String
    /// Where bad rows are listed.
    package var rejectsPath: String
    /// Whether the first bad row ends the work.
    package var isStrict: Bool

    package init(
      path: String?, format: RecordFormat? = nil, corpus: String, rejectsPath: String,
      isStrict: Bool = false
    ) {
      self.path = path
      self.format = format
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
    let source = try source(request)
    // A file without a usable header leaves no corpus behind. Standard input is opened once.
    let opened = try request.path.map { path in
      try RecordReader(path: path, options: .init(format: request.format))
    }
    try RejectsFile.trim(request.rejectsPath, source: request.path ?? "", behind: .max)
    let connection = try Connection(settings)
    let model = try ModelStore(connection).register(checkpoint, folder: modelFolder)
    let corpus = try corpus(request, connection)
    try CorpusStore(connection).pruneChanges(of: corpus)
    let store = IndexJobStore(connection)
    let jobID = try store.findOrAdd(source, corpus: corpus, model: model)
    let locked = try lock(jobID)
    let job = try store.begin(jobID, source: source, corpus: corpus, isStrict: request.isStrict)
    var outcome = IndexOutcome(
      end: .alreadyIndexed, job: jobID, model: model.name, rows: 0, rejected: 0,
      totalRows: job.rowsIndexed, totalRejected: job.rowsRejected, stages: IndexStages())
    if request.isStrict && job.rowsRejected > 0 {
      throw IndexError.indexedWithRejects(
        path: request.path ?? "", count: job.rowsRejected, rejectsPath: request.rejectsPath)
    }
    if job.state == .done { return outcome }
    report(.opened(job: jobID))
    if job.linesRead > 0 { report(.resumed(afterLine: job.linesRead)) }

    let reader =
      job.isRead
      ? nil
      : IndexReader(
        settings: settings, jobID: jobID, waitingLimit: waitingChunks, patience: patience,
        source: try chunkSource(request, opened: opened, job: job, model: model))
    reader?.start(from: job.linesRead, lockedBy: locked) { try Self.confirm(source) }
    do {
      outcome.end = try work(
        on: job, model, reader, stages: &outcome.stages, shouldStop: shouldStop, report: report)
      if outcome.end == .stopped { stop(reader, source) }
    } catch {
      stop(reader, source)
      let cause = try settle(job, source, after: error)
      // The cause is what counts, also where the file of rejects cannot be written.
      try? writeRejects(of: jobID, request)
      throw cause
    }
    try writeRejects(of: jobID, request)
    let now = try IndexJobStore(Connection(settings)).job(jobID)
    outcome.totalRows = now.rowsIndexed
    outcome.totalRejected = now.rowsRejected
    outcome.rows = now.rowsIndexed - job.rowsIndexed
    outcome.rejected = now.rowsRejected - job.rowsRejected
    return outcome
  }
}
