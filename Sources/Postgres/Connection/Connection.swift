import CLibPQ
import Glibc
import Synchronization

/// One connection to a PostgreSQL server.
///
/// Every call blocks its thread until the server answers.
/// One thread uses it at a time. Two calls at once, or a call from inside ``forEachRow`` or
/// ``copyIn`` on the same connection, are mistakes of ours and trap. Concurrent work takes
/// connections from a ``ConnectionPool``.
///
/// `@unchecked Sendable`: `handle` is only used between the exchange of `busy` from false to true
/// and its store of false (acquire and release order), so uses never overlap; `server` is
/// immutable.
@safe package final class Connection: @unchecked Sendable {
  private let handle: OpaquePointer
  private let busy = Atomic<Bool>(false)
  /// Host, port and database, for messages.
  package let server: String

  /// Connects; throws `.connectFailed` with libpq's reason, without any password.
  package init(_ settings: ConnectionSettings) throws(PostgresError) {
    let connected = try unsafe Self.open(settings)
    // Notices are for people at a terminal; libpq would print them to standard error.
    unsafe PQsetNoticeProcessor(connected, { _, _ in }, nil)
    unsafe handle = connected
    unsafe server = ServerPlace(connected).description
  }

  deinit {
    unsafe PQfinish(handle)
  }

  /// Runs `body` with the libpq handle; traps when the connection is already in use.
  ///
  /// Errors are told where they come from.
  func exclusively<Value, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let (free, _) = busy.compareExchange(
      expected: false, desired: true, ordering: .acquiringAndReleasing)
    precondition(free, "a connection is used twice at the same time")
    defer { busy.store(false, ordering: .releasing) }
    do throws(Failure) {
      return try unsafe body(handle)
    } catch {
      guard var named = error as? PostgresError, named.server == nil else { throw error }
      named.server = server
      throw named as? Failure ?? error
    }
  }

  /// The server process's id.
  package var backendProcessID: Int32 {
    unsafe exclusively { handle in unsafe PQbackendPID(handle) }
  }

  /// The server's version as libpq counts it: 150004 is 15.4.
  package var serverVersion: Int {
    unsafe exclusively { handle in unsafe Int(PQserverVersion(handle)) }
  }

  /// What the server says about the running transaction.
  enum TransactionState {
    case none, open, failed, unknown
  }

  var transactionState: TransactionState {
    unsafe exclusively { handle in
      switch unsafe PQtransactionStatus(handle) {
      case PQTRANS_IDLE: .none
      case PQTRANS_INTRANS: .open
      case PQTRANS_INERROR: .failed
      default: .unknown
      }
    }
  }

  /// Whether the next user can have this connection.
  ///
  /// No transaction is left open, and nothing has arrived unasked. An idle server that writes is saying goodbye, or has already hung up.
  var isReusable: Bool {
    unsafe exclusively { handle in
      guard unsafe PQstatus(handle) == CONNECTION_OK,
        unsafe PQtransactionStatus(handle) == PQTRANS_IDLE
      else { return false }
      var socket = pollfd(fd: unsafe PQsocket(handle), events: Int16(POLLIN), revents: 0)
      return unsafe poll(&socket, 1, 0) == 0
    }
  }
}
