package import Postgres

/// Tells how far jobs are; however many ask, a job is read a few times a second.
package actor JobWatch {
  private let pool: ConnectionPool
  private var reads: [Int64: Read] = [:]

  private struct Read {
    let moment: ContinuousClock.Instant
    let task: Task<IndexJobSummary?, any Error>
  }

  /// Longest age of an answer.
  private static let freshness = Duration.milliseconds(200)
  /// Jobs that are remembered at a time.
  private static let limit = 256

  package init(_ pool: ConnectionPool) {
    self.pool = pool
  }

  /// The job as it was a moment ago; nil when there is none.
  package func summary(_ id: Int64) async throws -> IndexJobSummary? {
    if let read = reads[id], .now - read.moment < Self.freshness {
      return try await read.task.value
    }
    if reads.count >= Self.limit { reads = [:] }
    let task = Task { [pool] in
      try await pool.withConnection { try IndexJobStore($0).summary(id) }
    }
    reads[id] = Read(moment: .now, task: task)
    return try await task.value
  }
}
