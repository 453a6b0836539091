import AlignAPI
import HTTPDaemon

/// Cuts the lines of a body into batches that are one transaction each: of different source ids, and
/// not too large.
///
/// The same body is always cut the same way.
struct ItemBatches {
  private static let byteLimit = 1 << 20

  private var lines: BodyLines
  /// The line that opens the next batch.
  private var next: ItemLine?
  private var nextBytes = 0

  init(_ request: HTTPRequest) throws {
    lines = try BodyLines(request)
  }

  /// The next batch, nil behind the last; blocks.
  mutating func batch() throws -> [ItemLine]? {
    var batch: [ItemLine] = []
    var ids: Set<[UInt8]> = []
    var bytes = 0
    while let line = try line() {
      let id = line.sourceID.map { Array($0.utf8) }
      let isRepeated = id.map { ids.contains($0) } ?? false
      let isFull = batch.count == ItemWriting.batchRows || bytes + nextBytes > Self.byteLimit
      if !batch.isEmpty && (isRepeated || isFull) {
        next = line
        return batch
      }
      batch.append(line)
      if let id { ids.insert(id) }
      bytes += nextBytes
    }
    return batch.isEmpty ? nil : batch
  }

  /// The next line that is not empty.
  private mutating func line() throws -> ItemLine? {
    if let kept = next {
      next = nil
      return kept
    }
    while let line = try lines.next() {
      if case .bytes(let bytes) = line {
        if bytes.allSatisfy({ $0 == 32 || $0 == 9 }) { continue }
        nextBytes = bytes.count
      } else {
        nextBytes = 0
      }
      return ItemLine(line, number: lines.count)
    }
    return nil
  }
}
