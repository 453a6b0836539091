import Synchronization

/// One request on one connection, from its request line to its completion.
///
/// Invariant behind `@unchecked Sendable`: `stage` and what it holds belong to the network thread,
/// which alone calls the methods marked so; everything else is immutable or inside `outcome`.
final class Exchange: @unchecked Sendable {
  enum Stage {
    /// The request line is known, the header fields are not.
    case begun
    case reading(HTTPRequest, IncomingBody)
    /// The body is too large or cannot be kept; the rest, up to a limit, is read and thrown away.
    case discarding(left: Int, HTTPResponse)
    case handling
    case answered
    /// Answered with a stream.
    case streaming
  }

  private struct Outcome {
    var response: HTTPResponse?
    /// Of the block that was written last.
    var written: Result<BodyFile, BlockProblem>?
    var pipe: StreamPipe?
    /// The handler's task, then the producer's.
    var task: Task<Void, Never>?
    var isCancelled = false
  }

  let connection: NativeConnection
  let socket: Int32
  /// The target of the request line as sent, nil when it is not UTF-8.
  let rawTarget: String?
  /// Network thread only.
  var stage = Stage.begun
  /// Network thread only; what observers are told at the end.
  var record: RequestRecord
  private let began = ContinuousClock.now
  private let outcome = Mutex(Outcome())

  init(connection: NativeConnection, socket: Int32, rawTarget: String?, peer: String) {
    self.connection = connection
    self.socket = socket
    self.rawTarget = rawTarget
    record = RequestRecord(
      id: "", method: "", route: nil, status: nil, bytesReceived: 0, bytesSent: 0, duration: .zero,
      peer: peer, isComplete: false)
  }

  /// Completes the record; network thread only.
  func end(status: HTTPStatus?, isComplete: Bool) {
    record.status = status
    record.isComplete = isComplete
    record.duration = .now - began
    if let pipe = outcome.withLock({ $0.pipe }) {
      record.bytesSent = pipe.sentCount
    } else if !isComplete {
      record.bytesSent = 0
    }
  }

  /// Stores what became of a block and resumes the connection, which must be suspended.
  func blockEnded(_ result: Result<BodyFile, BlockProblem>) {
    outcome.withLock { $0.written = result }
    connection.resume()
  }

  /// What became of the last block, once; nil while it is being written.
  func takeWritten() -> Result<BodyFile, BlockProblem>? {
    outcome.withLock { $0.written.take() }
  }

  /// Keeps the pipe of a streamed answer so that it can be broken off.
  func attach(_ pipe: StreamPipe) {
    let isCancelled = outcome.withLock { outcome in
      outcome.pipe = pipe
      return outcome.isCancelled
    }
    if isCancelled { pipe.breakOff() }
  }

  /// Whether a stream's client has not taken a chunk for longer than it may.
  func isStalled(now: ContinuousClock.Instant, _ configuration: DaemonConfiguration) -> Bool {
    outcome.withLock { $0.pipe }?.isStalled(now: now, configuration) ?? false
  }

  /// Keeps the handler's or producer's task so that it can be cancelled.
  func attach(_ task: Task<Void, Never>) {
    let isCancelled = outcome.withLock { outcome in
      outcome.task = task
      return outcome.isCancelled
    }
    if isCancelled { task.cancel() }
  }

  /// Cancels the task and breaks off the stream, now or as soon as they are attached.
  func cancel() {
    let (task, pipe) = outcome.withLock { outcome in
      outcome.isCancelled = true
      return (outcome.task, outcome.pipe)
    }
    task?.cancel()
    pipe?.breakOff()
  }

  /// Stores the response and resumes the connection; only the first call has an effect.
  ///
  /// The connection must be suspended. It may be gone as soon as it is resumed.
  func settle(_ response: HTTPResponse) {
    let isFirst = outcome.withLock { outcome in
      guard outcome.response == nil else { return false }
      outcome.response = response
      return true
    }
    if isFirst { connection.resume() }
  }

  /// The settled response.
  var response: HTTPResponse? { outcome.withLock { $0.response } }
}
