import Digest

/// Where the next page of a search begins: behind an item that was the last of the page before.
///
/// Items never change, and newer ones have larger ids, so that pages neither repeat nor miss an item
/// while others are added: later pages look only among what is not newer than the first.
package struct SearchCursor: Sendable, Equatable {
  /// The score of the last item.
  let score: Float
  /// Its id.
  let id: Int64
  /// The largest id that the first page could have had.
  let newest: Int64
  /// Results on the pages before.
  let offset: Int
  /// What ``SearchRequest/signature`` was, in short: a cursor fits its own search only.
  let request: UInt64

  /// Whether a candidate stands behind the last page.
  func isFollowed(by candidate: Candidate) -> Bool {
    candidate.id <= newest && Candidate(id: id, score: score).precedes(candidate)
  }

  /// Letters, digits, `-` and `_`.
  package var text: String {
    let numbers: [UInt64] = [
      UInt64(score.bitPattern), UInt64(bitPattern: id), UInt64(bitPattern: newest),
      UInt64(offset), request,
    ]
    return numbers.map { String($0, radix: 36) }.joined(separator: "-")
  }

  /// Reads ``text``; throws ``SearchError/badCursor``.
  package init(_ text: String) throws(SearchError) {
    let numbers = text.split(separator: "-", omittingEmptySubsequences: false)
      .map { UInt64($0, radix: 36) }
    guard numbers.count == 5, let score = numbers[0], let id = numbers[1],
      let newest = numbers[2], let offset = numbers[3], let request = numbers[4],
      let bits = UInt32(exactly: score), Float(bitPattern: bits).isFinite,
      offset <= SearchRequest.depthLimit
    else { throw .badCursor }
    self.init(
      score: Float(bitPattern: bits), id: Int64(bitPattern: id),
      newest: Int64(bitPattern: newest), offset: Int(offset), request: request)
  }

  init(score: Float, id: Int64, newest: Int64, offset: Int, request: UInt64) {
    self.score = score
    self.id = id
    self.newest = newest
    self.offset = offset
    self.request = request
  }
}
