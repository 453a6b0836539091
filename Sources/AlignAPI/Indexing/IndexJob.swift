package import Postgres

/// The file that a job reads, as it was when the job began.
package struct SourceFile: Sendable, Equatable {
  package var path: String
  /// In bytes.
  package var size: Int
  /// Of the last change.
  package var time: Timestamp
  /// Lower-case hexadecimal.
  package var sha256: String
}

/// Where a job's rows come from.
package enum IndexSource: Sendable, Equatable {
  /// A file that can be read again.
  case file(SourceFile)
  /// Rows that come once.
  case standardInput
  /// The items that the corpus has, to be embedded by another model.
  case corpus

  var file: SourceFile? { if case .file(let file) = self { file } else { nil } }
}

/// One row of `index_jobs`: a file that is being indexed, or a corpus that is embedded anew.
package struct IndexJob: Sendable, Equatable {
  /// How far a job is.
  package enum State: String, Sendable {
    /// Chunks are still made.
    case reading
    /// All chunks are made.
    case working
    case done, failed, cancelled

    /// Whether workers may take its chunks.
    package var isOpen: Bool { self == .reading || self == .working }
  }

  package let id: Int64
  package let corpusID: Int64
  package let modelID: Int64
  package let state: State
  /// Why it failed.
  package let error: String?
  /// The file's path, `-` for standard input; nil for a corpus that is embedded anew.
  package let path: String?
  /// Whether the first bad row ends it.
  package let isStrict: Bool
  /// Bytes of the file, or items of the corpus; nil for standard input.
  package let size: Int?
  /// Lines that are in chunks, the header included; the last item's id for a corpus.
  package let linesRead: Int
  /// How far the reader is, in the unit of `size`.
  package let bytesRead: Int
  /// Whether the reader has come to the end.
  package let isRead: Bool
  package let chunksMade: Int
  package let chunksDone: Int
  package let rowsIndexed: Int
  package let rowsRejected: Int
  /// Whether no other file was written to the corpus since.
  package let isCurrent: Bool

  /// Share of the work that is stored, 0...1; 0 where the size is not known.
  package var share: Double {
    if state == .done { return 1 }
    guard let size, size > 0, chunksMade > 0 else { return 0 }
    return min(1, Double(bytesRead) / Double(size)) * Double(chunksDone) / Double(chunksMade)
  }

  static let columns: SQLStatement = """
    id, corpus_id, model_id, state, error, source_path, is_strict, source_size, lines_read,
    bytes_read, is_read, chunks_made, chunks_done, rows_indexed, rows_rejected, is_current
    """

  /// Reads a row that selects ``columns``.
  init(_ row: Row) throws(PostgresError) {
    id = try row.value("id")
    corpusID = try row.value("corpus_id")
    modelID = try row.value("model_id")
    let name: String = try row.value("state")
    guard let state = State(rawValue: name) else {
      throw PostgresError(kind: .column, message: "index_jobs.state holds \"\(name)\"")
    }
    self.state = state
    error = try row.value("error")
    path = try row.value("source_path")
    isStrict = try row.value("is_strict")
    size = try row.value("source_size")
    linesRead = try row.value("lines_read")
    bytesRead = try row.value("bytes_read")
    isRead = try row.value("is_read")
    chunksMade = try row.value("chunks_made")
    chunksDone = try row.value("chunks_done")
    rowsIndexed = try row.value("rows_indexed")
    rowsRejected = try row.value("rows_rejected")
    isCurrent = try row.value("is_current")
  }
}
