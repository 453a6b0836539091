import Dispatch
import Synchronization

/// A bounded number of connections that concurrent tasks share.
///
/// Connections are opened when they are first needed and replaced when they are broken. While none
/// can be opened, requests fail at once but for one now and then that tries (``ConnectBackoff``).
/// Work runs on threads of the pool, because libpq blocks and Swift's own threads must not.
package final class ConnectionPool: Sendable {
  private let settings: ConnectionSettings
  private let limit: Int
  private let timeout: Duration
  private let queue = DispatchQueue(label: "ligature.postgres.pool", attributes: .concurrent)
  private let core: Mutex<Core>

  private struct Core {
    var state: PoolState
    var connections: [Connection?]
    var backoff = ConnectBackoff()
    var lastRequest: PoolState.Request = 0
    var waiters: [PoolState.Request: CheckedContinuation<PoolState.Slot, any Error>] = [:]
    /// Those that wait for the pool's end.
    var closers: [CheckedContinuation<Void, Never>] = []

    /// Those that wait for the pool's end, once it has come.
    mutating func takeClosers() -> [CheckedContinuation<Void, Never>] {
      guard state.isDrained else { return [] }
      defer { closers = [] }
      return closers
    }
  }

  /// A pool of at most `limit` connections; `timeout` is how long a task waits for one.
  package init(_ settings: ConnectionSettings, limit: Int, timeout: Duration = .seconds(10)) {
    self.settings = settings
    self.limit = limit
    self.timeout = timeout
    core = Mutex(
      Core(state: PoolState(limit: limit), connections: Array(repeating: nil, count: limit)))
  }

  /// How many connections are in use, and how many tasks wait for one.
  package var load: (inUse: Int, waiting: Int) {
    core.withLock { ($0.state.leasedCount, $0.state.waitingCount) }
  }

  /// Runs `body` with a connection that is its own meanwhile, on a thread that may block.
  ///
  /// Throws ``PoolError``, `CancellationError` when the task is cancelled while it waits,
  /// ``PostgresError`` `.connectFailed`, also for the pause after such a failure, and whatever `body` throws. `body` is not repeated when
  /// its connection breaks. A transaction that it leaves open ends with the connection.
  package func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> Value
  ) async throws -> Value {
    let slot = try await checkOut()
    return try await withCheckedThrowingContinuation { continuation in
      queue.async {
        let outcome = Result { try body(try self.connection(in: slot)) }
        self.giveBack(slot)
        continuation.resume(with: outcome)
      }
    }
  }

  /// Refuses new work and waiting tasks, and returns when the last connection is closed.
  package func close() async {
    await withCheckedContinuation { continuation in
      let (refused, drained) = core.withLock { core in
        let (requests, slots) = core.state.close()
        for slot in slots { core.connections[slot] = nil }
        core.closers.append(continuation)
        return (requests.compactMap { core.waiters.removeValue(forKey: $0) }, core.takeClosers())
      }
      for waiter in refused { waiter.resume(throwing: PoolError.closed) }
      for closer in drained { closer.resume() }
    }
  }

  private func checkOut() async throws -> PoolState.Slot {
    let request = core.withLock { core in
      core.lastRequest += 1
      return core.lastRequest
    }
    let expiry = Task { [timeout, limit] in
      try await Task.sleep(for: timeout)
      self.abandon(request, with: PoolError.timedOut(after: timeout, limit: limit))
    }
    defer { expiry.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        arrive(request, continuation)
      }
    } onCancel: {
      abandon(request, with: CancellationError())
    }
  }

  private func arrive(
    _ request: PoolState.Request, _ continuation: CheckedContinuation<PoolState.Slot, any Error>
  ) {
    let admission = core.withLock { core in
      let admission = core.state.arrive(request)
      if admission == .wait { core.waiters[request] = continuation }
      return admission
    }
    switch admission {
    case .lease(let slot): continuation.resume(returning: slot)
    case .refuse: continuation.resume(throwing: PoolError.closed)
    case .wait: if Task.isCancelled { abandon(request, with: CancellationError()) }
    }
  }

  private func abandon(_ request: PoolState.Request, with reason: any Error) {
    let waiter = core.withLock { core in
      core.state.abandon(request) ? core.waiters.removeValue(forKey: request) : nil
    }
    waiter?.resume(throwing: reason)
  }

  /// The slot's connection; opens one when there is none or the old one does not work any more.
  private func connection(in slot: PoolState.Slot) throws(PostgresError) -> Connection {
    if let connection = core.withLock({ $0.connections[slot] }), connection.isReusable {
      return connection
    }
    if case .refuse(let error) = core.withLock({ $0.backoff.decide(at: .now) }) { throw error }
    do throws(PostgresError) {
      let connection = try Connection(settings)
      core.withLock { core in
        core.backoff.succeed()
        core.connections[slot] = connection
      }
      return connection
    } catch {
      let share = Double.random(in: 0..<1)
      core.withLock { $0.backoff.fail(error, at: .now, share: share) }
      throw error
    }
  }

  private func giveBack(_ slot: PoolState.Slot) {
    let isWarm = core.withLock { $0.connections[slot] }?.isReusable ?? false
    let (waiter, drained) = core.withLock { core in
      if !isWarm { core.connections[slot] = nil }
      switch core.state.giveBack(slot, isWarm: isWarm) {
      case .hand(let request):
        return (core.waiters.removeValue(forKey: request), core.takeClosers())
      case .park: return (nil, core.takeClosers())
      case .close:
        core.connections[slot] = nil
        return (nil, core.takeClosers())
      }
    }
    waiter?.resume(returning: slot)
    for closer in drained { closer.resume() }
  }
}
