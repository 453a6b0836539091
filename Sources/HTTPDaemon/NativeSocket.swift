import Glibc

/// Shuts down sockets that libmicrohttpd owns, without taking them over.
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

  /// Gives the network thread a fifth of a millisecond.
  static func pause() { usleep(200) }
}
