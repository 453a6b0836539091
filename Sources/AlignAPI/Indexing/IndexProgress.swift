/// How far a job has come, by all processes that work on it.
package struct IndexProgress: Sendable, Equatable {
  /// Share of the file that is stored, 0...1; 0 for standard input.
  package var share: Double
  /// Rows stored since this process began.
  package var rows: Int
  /// Bad rows since this process began.
  package var rejected: Int
}

/// What indexing tells while it works.
package enum IndexEvent: Sendable, Equatable {
  /// The job is known, and other processes may help with it.
  case opened(job: Int64)
  /// An earlier run has read this far; reading goes on behind that line.
  case resumed(afterLine: Int)
  /// Something was stored.
  case progress(IndexProgress)
}

/// How indexing ended.
package struct IndexOutcome: Sendable, Equatable {
  package enum End: Sendable, Equatable {
    /// The whole file is stored.
    case finished
    /// It was stored before; nothing was changed.
    case alreadyIndexed
    /// It was asked to stop; the same call goes on from here.
    case stopped
  }

  package var end: End
  /// The job's number.
  package var job: Int64
  /// The model's name in the database.
  package var model: String
  /// Rows stored since this call began.
  package var rows: Int
  /// Bad rows found since this call began.
  package var rejected: Int
  /// Rows stored by this call and those that it continued.
  package var totalRows: Int
  /// Bad rows so far.
  package var totalRejected: Int
  package var stages: IndexStages
}

/// Seconds that the stages took in this process.
///
/// Reading and writing run beside the others.
package struct IndexStages: Sendable, Equatable {
  package var reading = 0.0
  package var parsing = 0.0
  package var encoding = 0.0
  package var writing = 0.0
  /// Seconds in which encoding waited for writing.
  package var waiting = 0.0
  /// From the first row read to the last one stored.
  package var total = 0.0
}
