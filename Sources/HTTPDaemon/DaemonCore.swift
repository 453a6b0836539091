import Synchronization

/// What the daemon decides: admission, limits and deadlines, all of it in safe code.
///
/// The network thread calls the methods of `DaemonCore+Requests.swift`; handler tasks, the watch
/// and drain call the ones here.
final class DaemonCore: Sendable {
  let configuration: DaemonConfiguration
  let callbacks: DaemonCallbacks
  let spool: Spool
  /// What new connections get, nil without TLS.
  let identity: Mutex<TLSIdentity?>
  let identifiers = RequestIdentifierSource()
  let registry: Mutex<ConnectionRegistry<Exchange>>
  let peers: PeerWatch
  /// Calls of ``settle(_:_:)`` that have not returned; each may be about to touch the daemon.
  private let settling = Atomic<Int>(0)

  init(
    configuration: DaemonConfiguration, callbacks: DaemonCallbacks, spool: Spool,
    identity: TLSIdentity?, peers: PeerWatch, connectionLimit: Int
  ) {
    self.configuration = configuration
    self.callbacks = callbacks
    self.spool = spool
    self.identity = Mutex(identity)
    self.peers = peers
    registry = Mutex(
      ConnectionRegistry(configuration: configuration, connectionLimit: connectionLimit))
  }

  /// Answers a suspended exchange; any thread, any number of times.
  func settle(_ exchange: Exchange, _ response: HTTPResponse) {
    settling.add(1, ordering: .sequentiallyConsistent)
    exchange.settle(response)
    settling.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Looks once for overdue requests and departed clients.
  func watch(now: ContinuousClock.Instant) {
    // Under the lock no listed socket can be closed and reused: `closed` needs the lock first.
    let departed = registry.withLock { registry in
      NativeSocket.shutDown(registry.takeOverdue(now: now), .both)
      NativeSocket.shutDown(registry.takeCrowding(now: now), .reading)
      for socket in peers.takeEvents() { registry.peerLeft(socket) }
      let (receiving, requests) = registry.departures()
      // libmicrohttpd 0.9.75 misses an end of stream that arrives together with the last bytes,
      // because its edge-triggered wait is not told again. Ending the same direction once more
      // wakes it, and changes nothing else.
      NativeSocket.shutDown(receiving, .reading)
      return (gone: requests, streaming: registry.streams())
    }
    for exchange in departed.gone { exchange.cancel() }
    for exchange in departed.streaming where exchange.isStalled(now: now, configuration) {
      exchange.cancel()
    }
  }

  /// Marks the start of draining and closes idle connections; what they have sent is still read.
  func closeIdle() {
    registry.withLock { registry in
      registry.beginDraining()
      NativeSocket.shutDown(registry.takeIdle(now: .now), .reading)
    }
  }

  /// Answers everything that is suspended with 503, cuts streams and lets nothing be suspended again.
  func abandon() {
    let (suspended, streaming) = registry.withLock { $0.beginStopping() }
    for exchange in suspended {
      settle(exchange, stoppingResponse)
      exchange.cancel()
    }
    for exchange in streaming { exchange.cancel() }
  }

  /// Whether, after ``abandon()``, no thread will touch the native daemon any more.
  var isSettled: Bool {
    // In this order: once nothing is unresolved, no later settle resumes a connection.
    registry.withLock { $0.unresolved == 0 && $0.writing == 0 }
      && settling.load(ordering: .sequentiallyConsistent) == 0
  }

  /// Whether a queued response has not been sent completely.
  var isSending: Bool { registry.withLock { $0.isSending } }

  var stoppingResponse: HTTPResponse {
    unavailable("The server is stopping.")
  }

  func unavailable(_ detail: String) -> HTTPResponse {
    ProblemDetails(status: .serviceUnavailable, detail: detail)
      .response(headers: ["Retry-After": "\(configuration.retryAfterSeconds)"])
  }
}

/// What the daemon calls.
struct DaemonCallbacks: Sendable {
  var immediate: ImmediateHTTPHandler?
  var admission: HTTPAdmission?
  var observer: (any DaemonObserver)?
  var handler: HTTPHandler
}
