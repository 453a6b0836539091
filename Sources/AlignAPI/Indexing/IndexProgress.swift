/// How far indexing has come.
package struct IndexProgress: Sendable, Equatable {
  /// Share of the file that is stored, 0...1.
  package var share: Double
  /// Items stored since this process began.
  package var items: Int
  /// Bad rows since this process began.
  package var rejected: Int
}

/// What indexing tells while it works.
package enum IndexEvent: Sendable, Equatable {
  /// An earlier run got this far; reading goes on behind that line.
  case resumed(afterLine: Int)
  /// A chunk is stored.
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
  /// The model's name in the database.
  package var model: String
  /// Items stored by this call.
  package var items: Int
  /// Bad rows found by this call.
  package var rejected: Int
  /// Items stored from this file by this call and those that it continued.
  package var totalItems: Int
  /// Bad rows of the file so far.
  package var totalRejected: Int
  package var stages: IndexStages
}

/// Seconds that the stages took.
///
/// Writing runs beside the others.
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
