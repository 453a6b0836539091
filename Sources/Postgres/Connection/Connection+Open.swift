import CLibPQ
import Glibc

extension Connection {
  /// Connects with libpq and returns its handle, which the caller finishes.
  ///
  /// Throws `.connectFailed`, with the SQLSTATE where a server has refused.
  static func open(_ settings: ConnectionSettings) throws(PostgresError) -> OpaquePointer {
    let parameters = settings.effectiveParameters
    // libpq alone passes on to the next host when one does not answer in time.
    let isList = settings.namesSeveralHosts
    let opened = unsafe withCStrings(Array(parameters.keys)) { keywords in
      unsafe withCStrings(Array(parameters.values)) { values in
        isList
          ? unsafe PQconnectdbParams(keywords, values, 0)
          : unsafe PQconnectStartParams(keywords, values, 0)
      }
    }
    guard let handle = unsafe opened else {
      throw PostgresError(kind: .connectFailed, message: "libpq is out of memory")
    }
    // The SQLSTATE of a refusal is in the words of full verbosity only.
    unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    let isInTime = unsafe isList || complete(handle, within: settings.connectTimeout)
    guard isInTime, unsafe PQstatus(handle) == CONNECTION_OK else {
      let place = unsafe ServerPlace(handle)
      let failure = unsafe ConnectFailure(verbose: String(cString: PQerrorMessage(handle)))
      unsafe PQfinish(handle)
      let message = isInTime ? failure.message : "connection to \(place) failed: timeout expired"
      var error = PostgresError(kind: .connectFailed, message: settings.redacting(message))
      error.sqlState = failure.sqlState
      error.severity = failure.severity
      error.server = place.description
      throw error
    }
    unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    return unsafe handle
  }
}

/// Drives a connection that was started to its end, good or bad; returns false when time ran out.
///
/// libpq documentation, `PQconnectPoll`.
private func complete(_ handle: OpaquePointer, within limit: Duration?) -> Bool {
  let deadline = limit.map { ContinuousClock.now + $0 }
  var step = PGRES_POLLING_WRITING
  while unsafe PQstatus(handle) != CONNECTION_BAD {
    guard step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING else { return true }
    let left = deadline.map { max(.zero, $0 - .now) }
    // Rounded up: poll must not return just before the deadline again and again.
    let milliseconds = left.map { Int32($0 / .milliseconds(1)) + 1 } ?? -1
    var socket = pollfd(
      fd: unsafe PQsocket(handle),
      events: Int16(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
    let ready = unsafe poll(&socket, 1, milliseconds)
    if ready < 0 && errno == EINTR { continue }
    if ready == 0 { return false }
    step = unsafe PQconnectPoll(handle)
  }
  return true
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
