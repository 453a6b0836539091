/// A request body on its way in: in memory, or, when it is large, block by block into a file.
///
/// The network thread appends and never touches a file; ``completed(_:spool:)`` and the writing of
/// blocks happen elsewhere.
struct IncomingBody: Sendable {
  /// A block on its way into the file is at least so large.
  static let blockSize = 256 << 10

  /// Bytes that the body may have.
  let limit: Int
  /// A body with more bytes goes into a file.
  let threshold: Int
  /// As it arrives.
  let coding: ContentCoding
  /// What has arrived and is not in the file.
  var bytes: [UInt8] = []
  var file: BodyFile?
  /// Bytes that have arrived.
  var received = 0
  /// Whether a block is being written, so that none may be started.
  var isWriting = false
  /// What is asked before the body gets room on disk; nil when it was, or there is nothing to ask.
  var check: (@Sendable () async -> HTTPResponse?)?
  /// As the client stated it, nil for chunks.
  private let expected: Int?

  init(expected: Int?, coding: ContentCoding = .identity, limit: Int, threshold: Int) {
    self.coding = coding
    self.expected = expected
    self.limit = limit
    self.threshold = threshold
    bytes.reserveCapacity(isLarge ? Self.blockSize : expected ?? 0)
  }

  /// Whether it belongs into a file.
  var isLarge: Bool { max(expected ?? 0, received) > threshold }

  /// Whether it belongs into a file, or may when it is inflated.
  var mayNeedDisk: Bool { isLarge || coding == .gzip && limit > threshold }

  /// Adds a piece; false, without it, when the body is too large.
  mutating func append(_ piece: some Collection<UInt8>) -> Bool {
    received += piece.count
    guard received <= limit else { return false }
    bytes.append(contentsOf: piece)
    return true
  }

  /// Whether the next block should be written before more is read.
  var hasBlock: Bool { isLarge && !isWriting && bytes.count >= Self.blockSize }
}
