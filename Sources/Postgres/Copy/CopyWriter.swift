import CLibPQ

/// Writes the rows of one COPY in binary format (PostgreSQL documentation, COPY, "Binary Format").
///
/// Append one value per column, in the order of the columns, then call ``endRow()``. A wrong number
/// of values is a mistake of ours and traps. The types must be those of the columns exactly: COPY
/// converts nothing.
@safe package struct CopyWriter: ~Copyable {
  private let handle: OpaquePointer
  private let query: String
  private let columnCount: Int
  private var appended = 0
  private var buffer: [UInt8]
  /// Rows written so far.
  package private(set) var rowCount = 0

  /// Bytes that are collected before they are sent.
  private static let chunk = 128 * 1024

  /// Signature, flags, length of the header extension.
  private static let header: [UInt8] =
    [80, 71, 67, 79, 80, 89, 10, 255, 13, 10, 0] + [UInt8](repeating: 0, count: 8)

  init(handle: OpaquePointer, query: String, columnCount: Int) {
    unsafe self.handle = unsafe handle
    self.query = query
    self.columnCount = columnCount
    buffer = Self.header
    buffer.reserveCapacity(2 * Self.chunk)
  }

  /// Appends the next column's value; nil writes NULL.
  package mutating func append(_ value: some BindValue) {
    beginField()
    buffer.append(sized: value)
  }

  /// Appends the next column's value as `bytea`: integers in this machine's byte order.
  package mutating func append<Element: FixedWidthInteger & BitwiseCopyable>(
    elements: Span<Element>
  ) {
    beginField()
    buffer.append(bigEndian: Int32(elements.count * MemoryLayout<Element>.size))
    unsafe elements.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
  }

  /// Ends the row; sends what has been collected when it fills a chunk.
  package mutating func endRow() throws(PostgresError) {
    precondition(appended == columnCount, "a row of \(appended) values for \(columnCount) columns")
    appended = 0
    rowCount += 1
    if buffer.count >= Self.chunk { try flush() }
  }

  private mutating func beginField() {
    precondition(appended < columnCount, "a row of more than \(columnCount) values")
    if appended == 0 { buffer.append(bigEndian: Int16(columnCount)) }
    appended += 1
  }

  /// Sends the rest and the trailer, and returns the number of rows that the server stored.
  mutating func finish() throws(PostgresError) -> Int {
    precondition(appended == 0, "the last row was not ended")
    buffer.append(bigEndian: Int16(-1))
    try flush()
    guard unsafe PQputCopyEnd(handle, nil) == 1 else { throw rejection() }
    let result = try unsafe checked(PQgetResult(handle), handle, query: query)
    unsafe discardResults(handle)
    return result.affectedRows
  }

  /// Tells the server to forget every row of this COPY.
  mutating func cancel() {
    // It fails when the server has ended the COPY already, which is as good.
    unsafe PQputCopyEnd(handle, "cancelled by the client")
    unsafe discardResults(handle)
  }

  private mutating func flush() throws(PostgresError) {
    let sent = unsafe buffer.withUnsafeBytes { bytes in
      unsafe PQputCopyData(
        handle, bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count))
    }
    guard sent == 1 else { throw rejection() }
    buffer.removeAll(keepingCapacity: true)
  }

  /// The server's reason for ending the COPY before we did.
  private func rejection() -> PostgresError {
    do {
      while let result = unsafe PQgetResult(handle) {
        _ = try unsafe checked(result, handle, query: query)
      }
    } catch {
      unsafe discardResults(handle)
      return error
    }
    return unsafe failure(handle, query: query)
  }
}
