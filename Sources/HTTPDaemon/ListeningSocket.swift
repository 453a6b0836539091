import Glibc

/// Where a daemon gets its listening socket from.
public enum SocketSource: Sendable, Equatable {
  /// It binds ``DaemonConfiguration/host`` and ``DaemonConfiguration/port``.
  case bind
  /// The service manager has bound it and passed it on (sd_listen_fds(3)): one socket, as
  /// descriptor 3, with `LISTEN_PID` this process and `LISTEN_FDS` 1 in the environment.
  case inherited
}

/// A bound, listening, non-blocking socket; whoever takes it must close it.
struct ListeningSocket {
  let descriptor: Int32
  /// 0 for a Unix socket.
  let port: UInt16
  /// "127.0.0.1:8080" or "[::1]:8080", for messages.
  let address: String

  /// Binds or inherits it, as the configuration says.
  static func open(_ configuration: DaemonConfiguration) throws(DaemonError) -> ListeningSocket {
    switch configuration.socketSource {
    case .bind:
      try bind(
        host: configuration.host, port: configuration.port, sharesPort: configuration.reusePort)
    case .inherited:
      try inherit(
        processID: environment("LISTEN_PID"), count: environment("LISTEN_FDS"), descriptor: 3)
    }
  }

  private static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Checks what the service manager's variables say and takes the socket over.
  static func inherit(
    processID: String?, count: String?, descriptor: Int32
  ) throws(DaemonError) -> ListeningSocket {
    guard let processID, let count else {
      throw .cannotInherit("LISTEN_PID and LISTEN_FDS are not set, expected a service manager's")
    }
    guard processID == "\(getpid())" else {
      throw .cannotInherit("LISTEN_PID is '\(processID)', expected this process, \(getpid())")
    }
    guard count == "1" else { throw .cannotInherit("LISTEN_FDS is '\(count)', expected 1") }
    guard option(SO_TYPE, descriptor) == Int32(SOCK_STREAM.rawValue),
      option(SO_ACCEPTCONN, descriptor) == 1
    else { throw .cannotInherit("descriptor \(descriptor) is no listening stream socket") }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let port = boundPort(descriptor)
    return ListeningSocket(
      descriptor: descriptor, port: port ?? 0,
      address: port.map { "inherited port \($0)" } ?? "inherited socket")
  }

  private static func option(_ name: Int32, _ descriptor: Int32) -> Int32? {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
  }

  /// Binds `host`, a numeric address or "localhost"; port 0 lets the system choose.
  ///
  /// With `sharesPort`, other processes of this user may bind it too, if they say so as well.
  static func bind(
    host: String, port: UInt16, sharesPort: Bool
  ) throws(DaemonError) -> ListeningSocket {
    let numericHost = host == "localhost" ? "127.0.0.1" : host
    let shown = numericHost.contains(":") ? "[\(numericHost)]:\(port)" : "\(numericHost):\(port)"
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard !numericHost.isEmpty, unsafe getaddrinfo(numericHost, "\(port)", &hints, &found) == 0,
      let info = unsafe found
    else { throw .badHost(host) }
    defer { unsafe freeaddrinfo(info) }

    let descriptor = unsafe socket(
      info.pointee.ai_family,
      Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw failure("socket", shown) }
    var yes: Int32 = 1
    for name in [SO_REUSEADDR] + (sharesPort ? [SO_REUSEPORT] : []) {
      _ = unsafe setsockopt(
        descriptor, SOL_SOCKET, name, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    guard unsafe Glibc.bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 else {
      throw failure("bind", shown, closing: descriptor)
    }
    guard listen(descriptor, SOMAXCONN) == 0 else {
      throw failure("listen", shown, closing: descriptor)
    }
    return ListeningSocket(
      descriptor: descriptor, port: boundPort(descriptor) ?? port, address: shown)
  }

  private static func failure(
    _ operation: String, _ address: String, closing descriptor: Int32? = nil
  ) -> DaemonError {
    let reason = unsafe String(cString: strerror(errno))
    if let descriptor { close(descriptor) }
    return .cannotListen(address: address, operation: operation, reason: reason)
  }

  /// The port is at the same place in IPv4 and IPv6 addresses, big-endian.
  private static func boundPort(_ descriptor: Int32) -> UInt16? {
    var storage = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let code = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    guard code == 0, [AF_INET, AF_INET6].contains(Int32(storage.sin6_family)) else { return nil }
    return UInt16(bigEndian: storage.sin6_port)
  }
}
