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
/// and its store of false (acquire and release order), so uses never overlap; `settings` is
/// immutable.
@safe package final class Connection: @unchecked Sendable {
  private let handle: OpaquePointer
  private let busy = Atomic<Bool>(false)
  private let settings: ConnectionSettings

  /// Connects; throws `.connectFailed` with libpq's reason, without any password.
  package init(_ settings: ConnectionSettings) throws(PostgresError) {
    let parameters = settings.effectiveParameters
    let connected = unsafe withCStrings(Array(parameters.keys)) { keywords in
      unsafe withCStrings(Array(parameters.values)) { values in
        unsafe PQconnectdbParams(keywords, values, 0)
      }
    }
    guard let connected = unsafe connected else {
      throw PostgresError(kind: .connectFailed, message: "libpq is out of memory")
    }
    guard unsafe PQstatus(connected) == CONNECTION_OK else {
      let reason = unsafe String(cString: PQerrorMessage(connected)).trimmingLineEnd
      unsafe PQfinish(connected)
      throw PostgresError(kind: .connectFailed, message: settings.redacting(reason))
    }
    // Notices are for people at a terminal; libpq would print them to standard error.
    unsafe PQsetNoticeProcessor(connected, { _, _ in }, nil)
    unsafe handle = connected
    self.settings = settings
  }

  deinit {
    unsafe PQfinish(handle)
  }

  /// Runs `body` with the libpq handle; traps when the connection is already in use.
  func exclusively<Value, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let (free, _) = busy.compareExchange(
      expected: false, desired: true, ordering: .acquiringAndReleasing)
    precondition(free, "a connection is used twice at the same time")
    defer { busy.store(false, ordering: .releasing) }
    return try unsafe body(handle)
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

/// Gives `body` a null-terminated array of C strings.
private func withCStrings<Value>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
  var bytes: [CChar] = []
  let offsets = strings.map { text in
    defer { bytes += text.utf8CString }
    return bytes.count
  }
  return unsafe bytes.withUnsafeBufferPointer { buffer in
    var pointers = unsafe offsets.map { offset in
      unsafe buffer.baseAddress.map { unsafe $0 + offset }
    }
    unsafe pointers.append(nil)
    return unsafe pointers.withUnsafeBufferPointer { list in
      guard let base = list.baseAddress else { preconditionFailure("an array of one is not empty") }
      return unsafe body(base)
    }
  }
}
