import CMicroHTTPD
import Glibc
import Synchronization

/// libmicrohttpd's daemon: the callbacks, and who owns which pointer.
///
/// - The callbacks' context is the ``DaemonCore``, retained at start and released after
///   `MHD_stop_daemon` has joined the network thread, so no callback outlives it.
/// - A request's context is its ``Exchange``, retained by the request line callback and released
///   by the completion callback, which libmicrohttpd calls for every request that has a context.
/// - A connection's context, with TLS, is a reference to the ``TLSIdentity`` that was current when it
///   was opened; its closing gives it back.
/// - All callbacks run on the one network thread and copy what they are given.
///
/// Invariant behind `@unchecked Sendable`: `daemon` and `context` are immutable, and are used only
/// under the lock of `lifecycle`, never after `.stopped`.
@safe final class NativeDaemon: @unchecked Sendable {
  private enum Lifecycle { case serving, quiet, stopped }

  private let daemon: OpaquePointer
  private let context: Unmanaged<DaemonCore>
  private let lifecycle = Mutex(Lifecycle.serving)

  /// Serves a listening socket, which the daemon owns from here on.
  init(
    core: DaemonCore, socket: ListeningSocket
  ) throws(DaemonError) {
    let configuration = core.configuration
    let connectionLimit = core.registry.withLock { $0.connectionLimit }
    let context = unsafe Unmanaged.passRetained(core)
    var options = unsafe ligature_daemon_options()
    unsafe options.listen_socket = socket.descriptor
    unsafe options.connection_limit = UInt32(connectionLimit)
    unsafe options.address_limit = UInt32(configuration.connectionsPerAddress)
    unsafe options.idle_timeout_seconds = UInt32(configuration.idleTimeoutSeconds)
    unsafe options.connection_memory = configuration.headerMemoryBytes
    unsafe options.uses_tls = configuration.tls == nil ? 0 : 1
    unsafe options.context = unsafe context.toOpaque()
    unsafe options.connection_changed = { context, connection, socketContext, change in
      unsafe NativeDaemon.connectionChanged(context, connection, socketContext, change)
    }
    unsafe options.request_line = { context, uri, connection in
      unsafe NativeDaemon.requestLine(context, uri, connection)
    }
    unsafe options.handle = { context, _, _, method, version, data, size, request in
      unsafe NativeDaemon.handle(context, method, version, data, size, request)
    }
    unsafe options.completed = { context, _, request, reason in
      unsafe NativeDaemon.completed(context, request, reason)
    }
    guard let daemon = unsafe ligature_daemon_start(&options) else {
      unsafe context.release()
      throw .cannotStart(address: socket.address)
    }
    unsafe self.daemon = unsafe daemon
    unsafe self.context = unsafe context
  }

  /// Stops listening; open connections go on.
  func quiesce() {
    lifecycle.withLock { lifecycle in
      guard lifecycle == .serving else { return }
      lifecycle = .quiet
      // Quiescing hands the listening socket back to us.
      let socket = unsafe MHD_quiesce_daemon(daemon)
      guard socket >= 0 else { return }
      acceptWaiting(socket)
      close(socket)
    }
  }

  /// Takes connections that wait in the socket's queue, which closing it would reset.
  private func acceptWaiting(_ socket: Int32) {
    while true {
      var address = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let isAdded = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          let client = unsafe accept(socket, address, &length)
          guard client >= 0 else { return false }
          _ = fcntl(client, F_SETFD, FD_CLOEXEC)
          return unsafe MHD_add_connection(daemon, client, address, length) == .YES
        }
      }
      guard isAdded else { return }
    }
  }

  /// Closes every connection and joins the network thread.
  ///
  /// No connection may be suspended and no thread about to resume one
  /// (see ``DaemonCore/isSettled``). Must not be called on the network thread.
  func stop() {
    lifecycle.withLock { lifecycle in
      guard lifecycle != .stopped else { return }
      lifecycle = .stopped
      unsafe MHD_stop_daemon(daemon)
      unsafe context.release()
    }
  }
}

extension NativeDaemon {
  private static func core(_ context: UnsafeMutableRawPointer?) -> DaemonCore? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<DaemonCore>.fromOpaque(context).takeUnretainedValue()
  }

  private static func connectionChanged(
    _ context: UnsafeMutableRawPointer?, _ pointer: OpaquePointer?,
    _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ change: MHD_ConnectionNotificationCode
  ) {
    guard let core = unsafe core(context), let pointer = unsafe pointer else { return }
    let connection = unsafe NativeConnection(pointer)
    if change == .CONNECTION_NOTIFY_STARTED {
      unsafe socketContext?.pointee = core.identity.withLock { unsafe $0?.retained() }
      core.connectionOpened(connection)
    } else {
      core.connectionClosed(connection)
      if let reference = unsafe socketContext?.pointee { unsafe TLSIdentity.release(reference) }
    }
  }

  /// Returns a retained exchange; ``completed(_:_:)`` releases it.
  private static func requestLine(
    _ context: UnsafeMutableRawPointer?, _ uri: UnsafePointer<CChar>?, _ pointer: OpaquePointer?
  ) -> UnsafeMutableRawPointer? {
    guard let core = unsafe core(context), let uri = unsafe uri, let pointer = unsafe pointer
    else { return nil }
    let exchange = core.requestBegan(
      connection: unsafe NativeConnection(pointer), rawTarget: unsafe String(validatingCString: uri)
    )
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
  }

  private static func handle(
    _ context: UnsafeMutableRawPointer?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?,
    _ size: UnsafeMutablePointer<Int>?,
    _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> MHD_Result {
    guard let core = unsafe core(context), let method = unsafe method,
      let version = unsafe version, let size = unsafe size,
      let pointer = unsafe request?.pointee
    else { return .NO }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    let lives: Bool
    if case .begun = exchange.stage {
      lives = core.headersArrived(
        exchange, method: unsafe String(cString: method), version: unsafe String(cString: version))
    } else if unsafe size.pointee > 0 {
      lives = unsafe core.bodyArrived(
        exchange, UnsafeRawBufferPointer(start: data, count: size.pointee))
      unsafe size.pointee = 0
    } else {
      lives = core.requestComplete(exchange)
    }
    return lives ? .YES : .NO
  }

  private static func completed(
    _ context: UnsafeMutableRawPointer?,
    _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ reason: MHD_RequestTerminationCode
  ) {
    guard let core = unsafe core(context), let request = unsafe request,
      let pointer = unsafe request.pointee
    else { return }
    unsafe request.pointee = nil
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
    core.requestEnded(exchange, isComplete: reason == .REQUEST_TERMINATED_COMPLETED_OK)
  }
}
