import CMicroHTTPD
import Glibc

/// Notices peers that go away, by an epoll(7) beside libmicrohttpd's.
///
/// A quiet connection costs nothing here: each change is told once, and the kernel forgets a socket
/// when it is closed.
final class PeerWatch: Sendable {
  /// A peer that sends nothing more, or is gone.
  struct Event: Equatable {
    let socket: Int32
    /// Reset, or closed in both directions.
    ///
    /// TCP does not tell a peer that has closed altogether from one that only sends nothing more
    /// (RFC 9293 §3.6), so such a peer is not broken.
    let isBroken: Bool
  }

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

  /// What has happened since the last call.
  func takeEvents() -> [Event] {
    var events: [Event] = []
    var entries = [ligature_departure](repeating: ligature_departure(), count: 64)
    while true {
      let count = unsafe Int(
        ligature_watch_take(descriptor, &entries, Int32(entries.count)))
      events += entries[..<count].map { Event(socket: $0.socket, isBroken: $0.is_broken != 0) }
      if count < entries.count { return events }
    }
  }
}
