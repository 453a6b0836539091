import Dispatch
import Foundation
import Postgres
import Synchronization

/// Puts a job's rows into its queue, on a thread of its own, while it holds the job's lock.
///
/// It pauses while many chunks wait, so that neither the table nor anybody's memory grows with the
/// file.
final class IndexReader: Sendable {
  private let settings: ConnectionSettings
  private let jobID: Int64
  private let limit: Int
  private let patience: Duration
  private let queue = DispatchQueue(label: "ligature.index.reader")
  private let group = DispatchGroup()
  private let state = Mutex(State())
  /// What is read, until the reader's thread takes it.
  private let source: Mutex<(any ChunkSource)?>

  private struct State {
    var shouldStop = false
    var result: Result<Void, any Error>?
    var seconds = 0.0
  }

  /// A reader of a job that lets at most `waitingLimit` chunks wait.
  ///
  /// `patience` is how long it waits for its own lock after a lost connection, which the server may
  /// notice later.
  init(
    settings: ConnectionSettings, jobID: Int64, waitingLimit: Int, patience: Duration,
    source: sending any ChunkSource
  ) {
    self.settings = settings
    self.jobID = jobID
    limit = waitingLimit
    self.patience = patience
    self.source = Mutex(source)
  }

  /// Seconds spent on reading rows.
  var seconds: Double { state.withLock { $0.seconds } }

  /// Why it has ended before the end, if so.
  var error: (any Error)? {
    state.withLock { state in
      if case .failure(let error) = state.result { error } else { nil }
    }
  }

  /// Starts reading, once, where the mark is `start`.
  ///
  /// The connection holds the job's lock and is the reader's from now on. `confirm` is asked when all
  /// is read, and throws when that does not count.
  func start(
    from start: Int, lockedBy connection: Connection,
    confirm: @escaping @Sendable () throws -> Void
  ) {
    queue.async(group: group) {
      let result = Result {
        try self.pump(from: start, lockedBy: connection, confirm: confirm)
      }
      self.state.withLock { $0.result = result }
    }
  }

  /// Asks it to end behind the chunk at hand.
  func stop() { state.withLock { $0.shouldStop = true } }

  /// Waits for its end.
  func wait() { group.wait() }

  private var isStopped: Bool { state.withLock { $0.shouldStop } }

  private func takeSource() -> sending (any ChunkSource)? {
    source.withLock { source in
      let taken = source
      source = nil
      return taken
    }
  }

  private func pump(
    from start: Int, lockedBy first: Connection, confirm: () throws -> Void
  ) throws {
    guard var source = takeSource() else { preconditionFailure("a reader is started once") }
    let clock = ContinuousClock()
    var connection = first
    var mark = start
    while !isStopped {
      let begin = clock.now
      let chunk = try persisting(&connection) { connection, _ in try source.next(connection) }
      let seconds = (clock.now - begin) / .seconds(1)
      state.withLock { $0.seconds += seconds }
      if !chunk.isEmpty {
        let isQueued = try persisting(&connection) { connection, isAgain in
          try self.put(chunk, from: mark, connection, isAgain: isAgain)
        }
        guard isQueued else { return }
        mark = chunk.end
      }
      if chunk.isLast {
        try confirm()
        try persisting(&connection) { connection, _ in
          try IndexJobStore(connection).finishReading(
            jobID, linesRead: chunk.end, bytesRead: chunk.bytesRead)
        }
        return
      }
    }
  }

  /// Queues a chunk; false when it is asked to stop meanwhile, or the job is no longer read.
  private func put(
    _ chunk: SourceChunk, from mark: Int, _ connection: Connection, isAgain: Bool
  ) throws -> Bool {
    let store = IndexJobStore(connection)
    // The chunk may have been committed before the connection broke.
    if isAgain, try store.job(jobID).linesRead >= chunk.end { return true }
    guard try waitForRoom(connection) else { return false }
    return try store.put(
      chunk.payload.bytes, job: jobID, from: mark, to: chunk.end, bytesRead: chunk.bytesRead)
  }

  /// Does work on the connection; where that is lost, again on another one that holds the job's
  /// lock, as often as ``ConnectionLosses`` allows.
  ///
  /// The work is told whether it was begun before.
  private func persisting<Value>(
    _ connection: inout Connection, _ work: (Connection, _ isAgain: Bool) throws -> Value
  ) throws -> Value {
    var losses = ConnectionLosses()
    var isAgain = false
    var isLocked = true
    while true {
      do {
        if !isLocked {
          try IndexJobStore(connection).lockForReading(jobID, patience: patience)
          isLocked = true
        }
        return try work(connection, isAgain)
      } catch let error as PostgresError where error.isConnectionLoss {
        connection = try losses.reconnect(after: error, settings)
        isAgain = true
        isLocked = false
      }
    }
  }

  /// Waits until few enough chunks wait; false when it is asked to stop meanwhile, or the job has
  /// ended.
  private func waitForRoom(_ connection: Connection) throws -> Bool {
    let store = IndexJobStore(connection)
    while try store.waitingChunks(jobID) >= limit {
      if try isStopped || !store.job(jobID).state.isOpen { return false }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return true
  }
}
