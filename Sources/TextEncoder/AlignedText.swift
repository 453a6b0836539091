/// A normal text whose bytes know where they come from.
///
/// `utf8` is what ``TextNormalizer/normalizedUTF8(_:)`` gives. O(n).
public struct AlignedText: Sendable {
  /// The normal form.
  public let utf8: [UInt8]
  /// Where the piece of the original that gave each byte begins, and where it ends.
  private let starts: [Int32]
  private let ends: [Int32]

  /// Normalises a text.
  public init(_ text: String) {
    var text = text
    text.makeContiguousUTF8()
    let bytes = text.utf8Span.span
    var output = TextNormalizer.Output(capacity: bytes.count + 16)
    var starts: [Int32] = []
    var ends: [Int32] = []
    starts.reserveCapacity(bytes.count + 16)
    ends.reserveCapacity(bytes.count + 16)
    /// New bytes come from a piece; a space in front of them, from where the piece begins.
    func note(_ piece: Range<Int>) {
      while starts.count < output.bytes.count {
        starts.append(Int32(piece.lowerBound))
        ends.append(Int32(piece.upperBound))
      }
    }
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        output.append(ascii: bytes.extracting(index..<index + 1))
        note(index..<index + 1)
        index += 1
        continue
      }
      var end = index + 1
      while end < bytes.count, bytes[end] >= 0x80 { end += 1 }
      let next = end < bytes.count ? bytes[end] : nil
      for piece in Self.pieces(of: bytes.extracting(index..<end), nextByte: next) {
        TextNormalizer.appendFolded(
          bytes.extracting(index + piece.lowerBound..<index + piece.upperBound),
          nextByte: piece.upperBound == end - index ? next : nil, to: &output)
        note(index + piece.lowerBound..<index + piece.upperBound)
      }
      index = end
    }
    let dropped = output.dropGreekHyphens()
    starts.remove(atAscending: dropped)
    ends.remove(atAscending: dropped)
    utf8 = output.finish()
    (self.starts, self.ends) = (starts, ends)
  }

  /// The bytes of the original that gave some bytes of the normal form; not empty.
  public func origin(of range: Range<Int>) -> Range<Int> {
    precondition(!range.isEmpty && range.upperBound <= utf8.count, "\(range) of \(utf8.count)")
    return Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
  }

  /// Cuts a run outside ASCII into characters that fold alone as they fold together; else the run
  /// is one piece.
  private static func pieces(of run: Span<UInt8>, nextByte: UInt8?) -> [Range<Int>] {
    var whole = TextNormalizer.Output(capacity: run.count)
    TextNormalizer.appendFolded(run, nextByte: nextByte, to: &whole)
    let text = String(decoding: run.indices.map { run[$0] }, as: UTF8.self)
    var ranges: [Range<Int>] = []
    var apart = TextNormalizer.Output(capacity: run.count)
    var start = 0
    for character in text {
      let end = start + character.utf8.count
      TextNormalizer.appendFolded(
        run.extracting(start..<end), nextByte: end == run.count ? nextByte : nil, to: &apart)
      ranges.append(start..<end)
      start = end
    }
    return whole.bytes == apart.bytes ? ranges : [0..<run.count]
  }
}
