import Glibc

/// A bound, listening, non-blocking socket; whoever takes it must close it.
struct ListeningSocket {
  let descriptor: Int32
  let port: UInt16
  /// "127.0.0.1:8080" or "[::1]:8080", for messages.
  let address: String

  /// Binds `host`, a numeric address or "localhost"; port 0 lets the system choose.
  static func open(host: String, port: UInt16) throws(DaemonError) -> ListeningSocket {
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
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard unsafe bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 else {
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
    return code == 0 ? UInt16(bigEndian: storage.sin6_port) : nil
  }
}

/// Looks at and shuts down sockets that libmicrohttpd owns, without taking them over.
enum NativeSocket {
  enum Direction {
    /// No more input; what has arrived is still read.
    case reading
    case both
  }

  /// Makes libmicrohttpd see the end of the connection and close it.
  static func shutDown(_ sockets: [Int32], _ direction: Direction) {
    for socket in sockets {
      _ = shutdown(socket, Int32(direction == .reading ? SHUT_RD : SHUT_RDWR))
    }
  }

  /// The peer has ended its sending side; linux/poll.h, which Glibc's module leaves out.
  private static let pollPeerClosed: Int16 = 0x2000

  /// Those whose peer sends nothing more; it may still read.
  static func endedSending(_ sockets: [Int32]) -> [Int32] { poll(sockets, for: pollPeerClosed) }

  /// Those that were reset or are closed in both directions.
  ///
  /// TCP does not tell a peer that has closed altogether from one that only sends nothing more
  /// (RFC 9293 §3.6), so such a peer is not among them.
  static func broken(_ sockets: [Int32]) -> [Int32] { poll(sockets, for: 0) }

  /// Those with one of the events, an error or a hang-up, of which poll(2) always tells.
  private static func poll(_ sockets: [Int32], for events: Int16) -> [Int32] {
    guard !sockets.isEmpty else { return [] }
    var entries = sockets.map { pollfd(fd: $0, events: events, revents: 0) }
    let ready = unsafe Glibc.poll(&entries, nfds_t(entries.count), 0)
    guard ready > 0 else { return [] }
    return entries.filter { $0.revents != 0 }.map(\.fd)
  }

  /// Gives the network thread a fifth of a millisecond.
  static func pause() { usleep(200) }
}
