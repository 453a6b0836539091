import Retrieval

/// A set of item ids: a bit for each id, in pages of 65,536.
///
/// Ids come from one sequence, so that pages are well filled: a million items take about 128 KB.
package struct ItemIDSet: Sendable, Equatable {
  /// Bits of a page.
  private static let pageShift: Int64 = 16
  private static let pageWords = 1024

  private var pages: [Int64: [UInt64]] = [:]

  package init() {}

  package init(_ ids: some Sequence<Int64>) {
    for id in ids { insert(id) }
  }

  package var isEmpty: Bool { pages.values.allSatisfy { $0.allSatisfy { $0 == 0 } } }

  /// The number of ids; O(pages).
  package var count: Int {
    pages.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  /// The ids up to a bound; O(pages).
  func upTo(_ bound: Int64) -> ItemIDSet {
    var kept = ItemIDSet()
    for (number, page) in pages where number <= bound >> Self.pageShift {
      kept.pages[number] =
        number < bound >> Self.pageShift
        ? page
        : page.enumerated().map { place, word in
          let more = bound - (number << Self.pageShift | Int64(place * 64)) + 1
          if more <= 0 { return 0 }
          return more >= 64 ? word : word & (1 << UInt64(more) - 1)
        }
    }
    return kept
  }

  /// The largest id, nil without any; O(pages) where the last one has ids.
  var largest: Int64? {
    for number in pages.keys.sorted(by: >) {
      guard let page = pages[number], let place = page.lastIndex(where: { $0 != 0 }) else {
        continue
      }
      return number << Self.pageShift | Int64(64 * place + 63 - page[place].leadingZeroBitCount)
    }
    return nil
  }

  package func contains(_ id: Int64) -> Bool {
    guard let page = pages[id >> Self.pageShift] else { return false }
    return page[Self.word(id)] & Self.bit(id) != 0
  }

  package mutating func insert(_ id: Int64) {
    pages[id >> Self.pageShift, default: Self.emptyPage][Self.word(id)] |= Self.bit(id)
  }

  package mutating func remove(_ id: Int64) {
    pages[id >> Self.pageShift]?[Self.word(id)] &= ~Self.bit(id)
  }

  /// Inserts the ids whose place is chosen.
  mutating func insert(_ ids: [Int64], where isChosen: (Int) -> Bool) {
    var number: Int64?
    var page = Self.emptyPage
    for place in ids.indices where isChosen(place) {
      let id = ids[place]
      if id >> Self.pageShift != number {
        if let number { pages[number] = page }
        number = id >> Self.pageShift
        // Taken out, so that there is one owner and no copy.
        page = pages.removeValue(forKey: id >> Self.pageShift) ?? Self.emptyPage
      }
      page[Self.word(id)] |= Self.bit(id)
    }
    if let number { pages[number] = page }
  }

  package mutating func formUnion(_ other: ItemIDSet) {
    pages.merge(other.pages) { mine, theirs in zip(mine, theirs).map { $0 | $1 } }
  }

  package mutating func formIntersection(_ other: ItemIDSet) {
    var common: [Int64: [UInt64]] = [:]
    for (number, page) in pages {
      guard let theirs = other.pages[number] else { continue }
      common[number] = zip(page, theirs).map { $0 & $1 }
    }
    pages = common
  }

  package mutating func subtract(_ other: ItemIDSet) {
    for (number, theirs) in other.pages {
      guard let mine = pages[number] else { continue }
      pages[number] = zip(mine, theirs).map { $0 & ~$1 }
    }
  }

  package func subtracting(_ other: ItemIDSet) -> ItemIDSet {
    var copy = self
    copy.subtract(other)
    return copy
  }

  /// The ids, ascending.
  package func sorted() -> [Int64] {
    var found: [Int64] = []
    for (number, page) in pages.sorted(by: { $0.key < $1.key }) {
      for (place, word) in page.enumerated() {
        var rest = word
        while rest != 0 {
          found.append(
            number << Self.pageShift | Int64(place * 64 + rest.trailingZeroBitCount))
          rest &= rest - 1
        }
      }
    }
    return found
  }

  /// The rows whose id is in the set; O(ids), fastest where ids ascend.
  func rows(of ids: [Int64]) -> RowSet {
    var rows = RowSet(count: ids.count)
    var number: Int64?
    var page: [UInt64]?
    for row in ids.indices {
      let id = ids[row]
      if id >> Self.pageShift != number {
        number = id >> Self.pageShift
        page = pages[id >> Self.pageShift]
      }
      if let page, page[Self.word(id)] & Self.bit(id) != 0 { rows.insert(row) }
    }
    return rows
  }

  private static let emptyPage = [UInt64](repeating: 0, count: pageWords)
  private static func word(_ id: Int64) -> Int { Int(id & (1 << pageShift - 1)) >> 6 }
  private static func bit(_ id: Int64) -> UInt64 { 1 << UInt64(id & 63) }
}
