import Synchronization

/// An HTTP/1.1 server on one address: one network thread, a task per request.
///
/// It serves from `init` until ``drain(deadline:)`` or its release. The release answers open requests
/// with 503 and blocks until the network thread has sent that, a quarter of a second when a client
/// does not read; it waits for no handler, and must not happen inside an immediate handler. Requests
/// of one connection are answered in order, one at a time.
///
/// A client that ends its sending side while a handler works for it counts as gone: TCP does not tell
/// it from one that has closed. The handler's task is cancelled; what it answers is sent all the same.
///
/// What libmicrohttpd cannot read it answers itself, before any handler: a malformed request line or
/// field with 400, a request line over the memory limit with 414, fields over it with 431. Those
/// bodies are short HTML pages, not problem details, without `Content-Type` and `X-Request-Id`.
public final class HTTPServer: Sendable {
  /// The port in use, also when the configuration asked for 0.
  public let port: UInt16
  private let core: DaemonCore
  private let native: NativeDaemon
  private let watch: Task<Void, Never>

  /// Takes the address and starts to serve.
  ///
  /// Raises this process's soft limit of open files to the hard limit.
  ///
  /// - Parameters:
  ///   - configuration: Where it listens and what it allows.
  ///   - immediate: Asked before `handler`, on the network thread.
  ///   - admission: Says whether the body of a request is read, and how large it may be.
  ///   - observer: Told what happens.
  ///   - handler: Answers requests.
  /// - Throws: ``DaemonError`` for a bad setting, host or certificate, or an address that cannot be
  ///   bound.
  public convenience init(
    configuration: DaemonConfiguration = DaemonConfiguration(),
    immediate: ImmediateHTTPHandler? = nil, admission: HTTPAdmission? = nil,
    observer: (any DaemonObserver)? = nil, handler: @escaping HTTPHandler
  ) throws(DaemonError) {
    let folder = configuration.spoolFolder
    try self.init(
      configuration,
      DaemonCallbacks(
        immediate: immediate, admission: admission, observer: observer, handler: handler),
      spool: Spool { () throws(SpoolError) in try BodyFile.create(in: folder) },
      listen: ListeningSocket.open)
  }

  /// With its own ways to make files for bodies and to get the listening socket.
  init(
    _ configuration: DaemonConfiguration, _ callbacks: DaemonCallbacks, spool: Spool,
    listen: (DaemonConfiguration) throws(DaemonError) -> ListeningSocket
  ) throws(DaemonError) {
    try configuration.validate()
    let limit = try configuration.connectionLimit(descriptors: DescriptorLimit.raise())
    let identity: TLSIdentity?
    do throws(TLSError) {
      identity = try configuration.tls.map { (files) throws(TLSError) in try TLSIdentity(files) }
    } catch {
      throw .badTLS(error)
    }
    let core = DaemonCore(
      configuration: configuration, callbacks: callbacks, spool: spool, identity: identity,
      peers: try PeerWatch(), connectionLimit: limit)
    let socket = try listen(configuration)
    native = try NativeDaemon(core: core, socket: socket)
    port = socket.port
    self.core = core
    watch = Task.detached {
      while !Task.isCancelled {
        core.watch(now: .now)
        try? await Task.sleep(for: configuration.watchInterval)
      }
    }
  }

  /// Requests between request line and completion.
  public var openRequestCount: Int { core.registry.withLock { $0.openRequests } }

  /// Handlers at work.
  public var runningHandlerCount: Int { core.registry.withLock { $0.running } }

  /// Reads the certificate and key again; connections that are opened from now on get them.
  ///
  /// Open connections go on with what they began with, and all do when the new files are bad.
  /// - Throws: ``TLSError`` when there is no TLS, or the files cannot be read, understood or put
  ///   together; then nothing changes.
  public func reloadTLS() throws(TLSError) {
    guard let files = core.configuration.tls else { throw .notConfigured }
    let identity = try TLSIdentity(files)
    core.identity.withLock { $0 = identity }
  }

  /// When the certificate that new connections get expires, in seconds since 1970.
  public var certificateExpiry: Int? { core.identity.withLock { $0?.expiry } }

  /// Stops listening, lets open requests finish, then stops.
  ///
  /// Idle connections are closed at once; answers carry `Connection: close`. Requests that are
  /// unfinished at the deadline are answered with 503, their tasks are cancelled and not waited
  /// for. Cancelling the caller does not shorten the drain. Further calls do nothing.
  /// - Returns: Whether every request finished in time.
  @discardableResult
  public func drain(deadline: Duration) async -> Bool {
    let end = ContinuousClock.now + deadline
    // Own task: sleeping must not end early when the caller is cancelled.
    let drain = Task.detached { [core, native, watch] in
      native.quiesce()
      while true {
        core.closeIdle()
        if core.registry.withLock({ $0.isEmpty }) || ContinuousClock.now >= end { break }
        try? await Task.sleep(for: .milliseconds(2))
      }
      let allFinished = core.registry.withLock { $0.hasNoWork }
      watch.cancel()
      core.abandon()
      let patience = ContinuousClock.now + flushLimit
      while !core.isSettled || (core.isSending && .now < patience) {
        try? await Task.sleep(for: .milliseconds(1))
      }
      native.stop()
      return allFinished
    }
    return await drain.value
  }

  deinit {
    watch.cancel()
    native.quiesce()
    core.abandon()
    let patience = ContinuousClock.now + flushLimit
    while !core.isSettled || (core.isSending && .now < patience) { NativeSocket.pause() }
    native.stop()
  }
}

/// How long the last answers may take to leave; a client that does not read is not waited for.
private let flushLimit: Duration = .milliseconds(250)
