import Synchronization

/// Hands a stream's chunks from its producer to the network thread, one at a time.
///
/// The network thread suspends the connection when there is no chunk; whoever brings one, or ends the
/// pipe, resumes it, once for each suspension. Both happen under the lock, so that after
/// ``breakOff()`` has returned no thread touches the connection any more. A writer is resumed when the
/// lock is free again: cancelling a task holds a lock of the task while its cancellation handler,
/// which needs ours, runs, and resuming needs that lock of the task.
final class StreamPipe: Sendable {
  fileprivate typealias Writer = CheckedContinuation<Void, any Error>
  fileprivate enum End { case finished, broken }

  fileprivate struct State {
    var chunk: [UInt8] = []
    /// Since when the chunk waits.
    var since = ContinuousClock.now
    /// How much of the chunk is taken.
    var offset = 0
    /// Waits until the chunk is taken.
    var writer: Writer?
    var isSuspended = false
    var end: End?
    var sent = 0
  }

  /// What the network thread gets for a read.
  enum Reading: Equatable {
    case bytes(Int)
    /// Nothing yet; the connection is suspended.
    case later
    case endOfStream
    /// The connection must be cut.
    case failure
  }

  private let connection: NativeConnection
  private let state = Mutex(State())

  init(_ connection: NativeConnection) {
    self.connection = connection
  }

  /// Bytes that the network thread has taken.
  var sentCount: Int { state.withLock { $0.sent } }

  /// Whether a chunk has waited to be taken for longer than a body of its size may take.
  func isStalled(now: ContinuousClock.Instant, _ configuration: DaemonConfiguration) -> Bool {
    state.withLock { state in
      let earned = Double(state.chunk.count) / Double(configuration.minimumBodyRate)
      return state.writer != nil
        && now - state.since > configuration.requestReadLimit + .seconds(1) * earned
    }
  }

  /// Puts a chunk and waits until it is taken.
  func write(_ chunk: [UInt8]) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isAccepted = state.withLock { state in
          precondition(state.writer == nil, "two writers of one stream at the same time")
          guard state.end == nil, !Task.isCancelled else { return false }
          // What is left of an earlier chunk is of a write that was cancelled.
          state.chunk = state.chunk[state.offset...] + chunk
          state.offset = 0
          state.since = .now
          state.writer = continuation
          wake(&state)
          return true
        }
        if !isAccepted { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      state.withLock { $0.writer.take() }?.resume(throwing: CancellationError())
    }
  }

  /// Ends the body behind what has been written; nothing when it has ended.
  func finish() { end(.finished) }

  /// Cuts the connection; nothing when it has ended.
  func breakOff() { end(.broken) }

  private func end(_ end: End) {
    let writer = state.withLock { state in
      if state.end == nil { state.end = end }
      wake(&state)
      return state.writer.take()
    }
    writer?.resume(throwing: CancellationError())
  }

  private func wake(_ state: inout State) {
    guard state.isSuspended else { return }
    state.isSuspended = false
    connection.resume()
  }

  /// Fills the buffer with the next bytes; network thread only.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    let (reading, writer) = state.withLock { state in
      if state.end == .broken { return (Reading.failure, Writer?.none) }
      let rest = state.chunk[state.offset...].prefix(buffer.count)
      guard rest.isEmpty else {
        unsafe buffer.copyBytes(from: rest)
        return (.bytes(rest.count), state.take(rest.count))
      }
      if state.end == .finished { return (.endOfStream, nil) }
      state.isSuspended = true
      connection.suspend()
      return (.later, nil)
    }
    writer?.resume()
    return reading
  }
}

extension StreamPipe.State {
  /// Notes what is taken; the writer when that was the rest of its chunk.
  fileprivate mutating func take(_ count: Int) -> StreamPipe.Writer? {
    offset += count
    sent += count
    guard offset == chunk.count else { return nil }
    chunk = []
    offset = 0
    return writer.take()
  }
}
