import CLibPQ
import Glibc

/// A message of `NOTIFY`.
package struct Notification: Sendable, Equatable {
  package let channel: String
  package let payload: String
}

extension Connection {
  /// Asks for the notifications of a channel from now on.
  package func listen(_ channel: String) throws(PostgresError) {
    try execute("listen \(identifier: channel)")
  }

  /// Waits for notifications; returns those that have come, none when the time is over.
  ///
  /// Throws `.connectionLost` when the server has gone.
  package func notifications(within timeout: Duration) throws(PostgresError) -> [Notification] {
    let deadline = ContinuousClock.now + timeout
    return try unsafe exclusively { handle throws(PostgresError) in
      var found: [Notification] = []
      while true {
        guard unsafe PQconsumeInput(handle) == 1 else {
          throw unsafe failure(handle, query: "listen")
        }
        while let next = unsafe PQnotifies(handle) {
          unsafe found.append(
            Notification(
              channel: String(cString: next.pointee.relname),
              payload: String(cString: next.pointee.extra)))
          unsafe PQfreemem(next)
        }
        let left = deadline - .now
        if !found.isEmpty || left <= .zero { return found }
        var socket = pollfd(fd: unsafe PQsocket(handle), events: Int16(POLLIN), revents: 0)
        // Rounded up, so that the last wait is not a busy one.
        let milliseconds = Int32(clamping: Int(left / .milliseconds(1)) + 1)
        guard unsafe poll(&socket, 1, milliseconds) >= 0 || errno == EINTR else {
          throw unsafe failure(handle, query: "listen")
        }
      }
    }
  }
}
