import CMicroHTTPD
import Glibc

/// Notices peers that go away, by an epoll(7) beside libmicrohttpd's.
///
/// A quiet connection costs nothing here: each change is told once, and the kernel forgets a socket
/// when it is closed.
final class PeerWatch: Sendable {
  private let descriptor: Int32

  init() throws(DaemonError) {
    descriptor = ligature_watch_create()
    guard descriptor >= 0 else {
      throw .cannotWatch(reason: unsafe String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// Watches an open socket; what has already happened to it is told too.
  ///
  /// At the system's limit of watches, a peer's departure is noticed only when it is written to.
  func add(_ socket: Int32) { _ = ligature_watch_add(descriptor, socket) }

  /// Sockets whose peers have ended their sending side, or are gone, since the last call.
  ///
  /// TCP does not tell the two apart (RFC 9293 §3.6).
  func takeEvents() -> [Int32] {
    var found: [Int32] = []
    var sockets = [Int32](repeating: 0, count: 64)
    while true {
      let count = unsafe Int(ligature_watch_take(descriptor, &sockets, Int32(sockets.count)))
      found += sockets[..<count]
      if count < sockets.count { return found }
    }
  }
}
