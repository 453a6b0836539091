/// A request body on its way in: in memory, or, when it is large, block by block into a file.
///
/// The network thread appends and never touches a file; ``complete(_:spool:)`` and the writing of
/// blocks happen elsewhere.
struct IncomingBody: Sendable {
  /// A block on its way into the file is at least so large.
  static let blockSize = 256 << 10

  /// Bytes that the body may have.
  let limit: Int
  /// A body with more bytes goes into a file.
  let threshold: Int
  /// What has arrived and is not in the file.
  var bytes: [UInt8] = []
  var file: BodyFile?
  /// Bytes that have arrived.
  var received = 0
  /// Whether a block is being written, so that none may be started.
  var isWriting = false
  /// As the client stated it, nil for chunks.
  private let expected: Int?

  init(expected: Int?, limit: Int, threshold: Int) {
    self.expected = expected
    self.limit = limit
    self.threshold = threshold
    bytes.reserveCapacity(isLarge ? Self.blockSize : expected ?? 0)
  }

  private var isLarge: Bool { max(expected ?? 0, received) > threshold }

  /// Adds a piece; false, without it, when the body is too large.
  mutating func append(_ piece: UnsafeRawBufferPointer) -> Bool {
    received += piece.count
    guard received <= limit else { return false }
    unsafe bytes.append(contentsOf: piece)
    return true
  }

  /// Whether the next block should be written before more is read.
  var hasBlock: Bool { isLarge && !isWriting && bytes.count >= Self.blockSize }

  /// Puts the whole body into its request; blocks when it is large.
  func complete(
    _ request: inout HTTPRequest, spool: () throws(SpoolError) -> BodyFile
  ) throws(SpoolError) {
    guard isLarge else {
      request.body = bytes
      return
    }
    let file: BodyFile
    if let begun = self.file { file = begun } else { file = try spool() }
    try file.append(bytes)
    request.bodyFile = file
  }
}
