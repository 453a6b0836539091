/// Consecutive runs of rows in one matrix: the atoms of each graph, the tokens of each text.
///
/// Segment s holds the rows `offsets[s]..<offsets[s + 1]`. A ragged batch is a matrix and its
/// segments; nothing is padded.
package struct Segments: Sendable, Equatable {
  /// Where each segment starts, and the number of rows at the end; not descending, first 0.
  package let offsets: [Int32]

  /// Segments of the given lengths, one after another; a length may be 0.
  package init(lengths: some Sequence<Int>) {
    var offsets: [Int32] = [0]
    var total = 0
    for length in lengths {
      precondition(length >= 0, "a segment of \(length) rows")
      total += length
      offsets.append(Int32(total))
    }
    self.offsets = offsets
  }

  /// The number of segments.
  package var count: Int { offsets.count - 1 }

  /// The number of rows of all segments.
  package var rowCount: Int { Int(offsets[offsets.count - 1]) }

  /// The rows of a segment.
  package subscript(segment: Int) -> Range<Int> {
    Int(offsets[segment])..<Int(offsets[segment + 1])
  }

  /// The first row of each segment; none may be empty.
  package var firstRows: [Int] {
    for segment in 0..<count { precondition(!self[segment].isEmpty, "segment \(segment) is empty") }
    return offsets.dropLast().map { Int($0) }
  }

  /// One segment of one row for each of these.
  package var single: Segments { Segments(lengths: repeatElement(1, count: count)) }
}
