import Alignment
import Digest
import Foundation
import Postgres
package import Records

extension Indexer {
  func source(_ request: Request) throws -> IndexSource {
    switch request.path {
    case nil: .corpus
    case "-": .standardInput
    case let path?: .file(try SourceFile(path: path))
    }
  }

  /// The request's corpus; one that is embedded anew must be there.
  func corpus(_ request: Request, _ connection: Connection) throws -> StoredCorpus {
    let store = CorpusStore(connection)
    if request.path != nil { return try store.findOrAdd(request.corpus) }
    guard let known = try store.find(request.corpus) else {
      throw IndexError.unknownCorpus(name: request.corpus)
    }
    return known
  }

  /// Keeps other processes from reading for the job, as long as the connection lives.
  func lock(_ jobID: Int64) throws -> Connection {
    let connection = try Connection(settings)
    try IndexJobStore(connection).lockForReading(jobID, patience: patience)
    return connection
  }

  /// What the reader cuts into chunks, behind the job's mark.
  func chunkSource(
    _ request: Request, opened: RecordReader?, job: IndexJob, model: StoredModel
  ) throws -> any ChunkSource {
    guard let path = request.path, let opened else {
      return CorpusChunkSource(corpusID: job.corpusID, modelID: model.id, rowLimit: chunkRows)
    }
    if job.linesRead == 0 { return FileChunkSource(opened, rowLimit: chunkRows) }
    let options = RecordReader.Options(format: request.format, resumingAt: job.linesRead + 1)
    return FileChunkSource(try RecordReader(path: path, options: options), rowLimit: chunkRows)
  }

  /// Works on the job until it is done, or nothing more comes.
  func work(
    on job: IndexJob, _ model: StoredModel, _ reader: IndexReader?, stages: inout IndexStages,
    shouldStop: () -> Bool, report: (IndexEvent) -> Void
  ) throws -> IndexOutcome.End {
    let worker = try IndexWorker(
      checkpoint: checkpoint, model: model, settings: settings,
      scope: .job(job.id, model: model.id), lease: lease)
    var last = job
    func look(_ store: IndexJobStore) throws {
      let now = try store.job(job.id)
      if now.chunksDone > last.chunksDone {
        report(
          .progress(
            IndexProgress(
              share: now.share, rows: now.rowsIndexed - job.rowsIndexed,
              rejected: now.rowsRejected - job.rowsRejected)))
      }
      last = now
    }
    defer {
      stages = worker.stages
      stages.reading = reader?.seconds ?? 0
    }
    try worker.run(
      shouldStop: shouldStop,
      isOver: { store in
        try look(store)
        // What is queued is good, whatever ended the reader: it is stored first.
        return try !last.state.isOpen
          || (reader?.error != nil && store.waitingChunks(job.id) == 0)
      }, report: look)
    if let error = reader?.error { throw error }
    switch last.state {
    case .done: return .finished
    case .reading, .working: return .stopped
    case .failed: throw IndexError.jobFailed(id: job.id, reason: last.error ?? "")
    case .cancelled: throw IndexError.jobCancelled(id: job.id)
    }
  }

  /// Ends the reader; one that waits for standard input ends with the process.
  func stop(_ reader: IndexReader?, _ source: IndexSource) {
    reader?.stop()
    if source != .standardInput { reader?.wait() }
  }

  /// Ends the job after an error of its file, and returns the error that is to be thrown.
  ///
  /// Where the file has changed, that is the error: lines of other content count as read, so the
  /// job begins anew. After an error of the server the job stays open.
  func settle(
    _ job: IndexJob, _ source: IndexSource, after error: any Error
  ) throws -> any Error {
    do throws(IndexError) {
      try Self.confirm(source)
    } catch {
      try IndexJobStore(Connection(settings)).discard(job.id, "\(error)")
      return error
    }
    if error is RecordsError {
      try IndexJobStore(Connection(settings)).fail(job.id, "\(error)")
    }
    return error
  }

  /// Checks that the file still says what its job is filed under.
  static func confirm(_ source: IndexSource) throws(IndexError) {
    guard let file = source.file else { return }
    let digest = try? SHA256Digest.ofFile(at: file.path)
    if digest?.hexadecimal != file.sha256 { throw .sourceChanged(path: file.path) }
  }

  /// Writes a job's bad rows to their file in the order of lines, in place of what it had of them.
  func writeRejects(of jobID: Int64, _ request: Request) throws {
    guard let path = request.path else { return }
    try RejectsFile.trim(request.rejectsPath, source: path, behind: 0)
    let file = RejectsFile(path: request.rejectsPath)
    try IndexJobStore(Connection(settings)).forEachReject(of: jobID, path: path, file.append)
  }
}

extension IndexJobStore {
  /// Hands out a job's bad rows in the order of lines.
  package func forEachReject(
    of id: Int64, path: String, _ body: (RejectedRecord) throws -> Void
  ) throws {
    try connection.forEachRow(
      """
      select line, field, found, expected, raw from index_rejects where job_id = \(id) order by line
      """
    ) { row in
      try body(
        RejectedRecord(
          file: path, line: try row.value(at: 0), byteOffset: 0, field: try row.value(at: 1),
          found: try row.value(at: 2), expected: try row.value(at: 3), raw: try row.value(at: 4)))
    }
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
