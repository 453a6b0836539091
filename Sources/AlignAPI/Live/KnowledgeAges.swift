package import Synchronization

/// When the items of a picture were written, in seconds since 1970.
package struct KnowledgeAges: Sendable, Equatable {
  package let newest: Double
  package let median: Double

  /// Nil for a picture without items; O(items · log items).
  init?(_ items: ItemTable) {
    var times: [Int64] = []
    for segment in items.segments {
      for row in 0..<segment.count where !segment.isDeleted[row] {
        times.append(segment.updatedAt[row])
      }
    }
    guard let newest = times.max() else { return nil }
    times.sort()
    self.newest = Double(newest) * 1e-6
    median = Double(times[times.count / 2]) * 1e-6
  }

  /// What is kept of the picture that was asked of last.
  package struct Kept: Sendable {
    var picture: UInt64 = 0
    var ages: KnowledgeAges?

    package init() {}
  }

  /// The ages of a picture, computed when it is another than the last.
  package static func kept(
    in memory: borrowing Mutex<Kept>, of corpora: LoadedCorpora
  ) -> KnowledgeAges? {
    memory.withLock { kept in
      if kept.picture != corpora.number {
        kept = Kept()
        kept.picture = corpora.number
        kept.ages = KnowledgeAges(corpora.items)
      }
      return kept.ages
    }
  }
}
