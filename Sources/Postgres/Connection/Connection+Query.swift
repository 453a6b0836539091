import CLibPQ

extension Connection {
  /// Runs one statement and returns its rows, all in memory.
  package func query(_ statement: SQLStatement) throws(PostgresError) -> Rows {
    Rows(result: try run(statement), query: statement.text)
  }

  /// Runs one statement and returns how many rows it inserted, changed, deleted or selected.
  @discardableResult
  package func execute(_ statement: SQLStatement) throws(PostgresError) -> Int {
    try run(statement).affectedRows
  }

  /// Runs any number of statements separated by semicolons, which cannot have binds.
  ///
  /// Outside a transaction they form one of their own: all of them or none.
  package func execute(unsafeScript script: String) throws(PostgresError) {
    try unsafe exclusively { handle throws(PostgresError) in
      guard unsafe PQsendQuery(handle, script) == 1 else {
        throw unsafe failure(handle, query: script)
      }
      _ = try unsafe lastResult(handle, query: script)
    }
  }

  private func run(_ statement: SQLStatement) throws(PostgresError) -> ResultHandle {
    let text = statement.text
    return try unsafe exclusively { handle throws(PostgresError) in
      let sent = unsafe withParameters(statement.binds) {
        count, types, values, lengths, formats in
        unsafe PQsendQueryParams(handle, text, count, types, values, lengths, formats, 1)
      }
      guard sent == 1 else { throw unsafe failure(handle, query: text) }
      return try unsafe lastResult(handle, query: text)
    }
  }
}

/// Waits for the end of what was sent; returns its last result.
///
/// Throws the first error: it is the cause, such as the server's farewell before the hang-up.
private func lastResult(
  _ handle: OpaquePointer, query: String
) throws(PostgresError) -> ResultHandle {
  do throws(PostgresError) {
    var last = try unsafe checked(PQgetResult(handle), handle, query: query)
    while let next = unsafe PQgetResult(handle) {
      last = try unsafe checked(next, handle, query: query)
    }
    return last
  } catch {
    unsafe discardResults(handle)
    var error = error
    if unsafe PQstatus(handle) != CONNECTION_OK { error.kind = .connectionLost }
    throw error
  }
}

/// Wraps a result; throws what the server or libpq reports when it is a failure.
func checked(
  _ result: OpaquePointer?, _ handle: OpaquePointer, query: String
) throws(PostgresError) -> ResultHandle {
  guard let result = unsafe result else { throw unsafe failure(handle, query: query) }
  let wrapped = unsafe ResultHandle(owning: result)
  switch wrapped.status {
  case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY:
    return wrapped
  case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
    preconditionFailure("COPY goes through copyIn: \(query)")
  default:
    throw wrapped.error(query: query, connectionIsLost: unsafe PQstatus(handle) != CONNECTION_OK)
  }
}

/// What libpq reports when there is no result: a lost connection, or memory that ran out.
func failure(_ handle: OpaquePointer, query: String) -> PostgresError {
  unsafe PostgresError(
    kind: .connectionLost, message: String(cString: PQerrorMessage(handle)).trimmingLineEnd,
    query: query)
}

/// Gives `body` the binds as libpq's parallel arrays: count, types, values, lengths, formats.
func withParameters<Value>(
  _ binds: [Bind],
  _ body: (
    Int32, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
    UnsafePointer<Int32>?
  ) -> Value
) -> Value {
  // One byte more than the values, so that an empty value has an address too: null means NULL.
  var bytes: [CChar] = []
  bytes.reserveCapacity(binds.reduce(1) { $0 + ($1.bytes?.count ?? 0) })
  let offsets = binds.map { bind -> Int? in
    guard let value = bind.bytes else { return nil }
    defer { bytes.append(contentsOf: value.lazy.map { CChar(bitPattern: $0) }) }
    return bytes.count
  }
  bytes.append(0)
  let types = binds.map(\.type.oid)
  let lengths = binds.map { Int32($0.bytes?.count ?? 0) }
  let formats = [Int32](repeating: 1, count: binds.count)
  return unsafe bytes.withUnsafeBufferPointer { buffer in
    let values = unsafe offsets.map { offset in
      unsafe offset.flatMap { offset in unsafe buffer.baseAddress.map { unsafe $0 + offset } }
    }
    return unsafe body(Int32(binds.count), types, values, lengths, formats)
  }
}
