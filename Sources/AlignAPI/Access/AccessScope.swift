/// What a key may do; each scope includes those before it.
package enum AccessScope: String, Sendable, CaseIterable, Comparable {
  /// Search, embeddings, descriptions, metrics.
  case read
  /// Items and jobs as well.
  case write
  /// Corpora dropped, models promoted.
  case admin

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
