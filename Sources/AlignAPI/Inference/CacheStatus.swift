/// How a cache is doing.
package struct CacheStatus: Sendable, Equatable {
  package var hits = 0
  package var misses = 0
  package var evictions = 0
  package var entries = 0
  /// Bytes of the entries, their bookkeeping included.
  package var bytes = 0
  /// Bytes that they may take.
  package var limit = 0
  /// The share of misses among the last ``CacheOutcomes/window`` look-ups; nil before as many.
  package var missRatio: Double?
}

/// Counts hits and misses, all of them and those of the last look-ups.
struct CacheOutcomes: Sendable {
  /// Look-ups of ``recentMissRatio``.
  static let window = 1000

  private(set) var hits = 0
  private(set) var misses = 0
  private var recent: [Bool] = []
  private var recentMisses = 0

  mutating func note(hit: Bool) {
    let place = (hits + misses) % Self.window
    if hit { hits += 1 } else { misses += 1 }
    recentMisses += hit ? 0 : 1
    if place == recent.count {
      recent.append(hit)
    } else {
      recentMisses -= recent[place] ? 0 : 1
      recent[place] = hit
    }
  }

  var recentMissRatio: Double? {
    recent.count == Self.window ? Double(recentMisses) / Double(Self.window) : nil
  }
}
