/// The terms that the texts of a batch are linked to, K slots for each text.
package struct LinkedTerms: Sendable, Equatable {
  /// K.
  package let slots: Int
  /// The term in each slot [N·K], nil where it is empty; the filled slots of a text come first.
  package let terms: [Int?]

  /// True where a slot is filled.
  package var mask: [Bool] { terms.map { $0 != nil } }
  /// N.
  package var textCount: Int { terms.count / slots }

  /// Gives each text's mentions their slots.
  ///
  /// A term counts once. Where there are more than K, those with the longest mentions stay, for
  /// they are the most specific; they keep the order of the text.
  package init(_ mentions: [[Mention]], slots: Int) {
    precondition(slots >= 1, "\(slots) slots")
    self.slots = slots
    terms = mentions.flatMap { Self.choose($0, slots: slots) }
  }

  private init(slots: Int, terms: [Int?]) {
    self.slots = slots
    self.terms = terms
  }

  /// The slots of the named texts, in order.
  package func gathering(_ texts: [Int]) -> LinkedTerms {
    LinkedTerms(
      slots: slots, terms: texts.flatMap { terms[$0 * slots..<($0 + 1) * slots] })
  }

  private static func choose(_ mentions: [Mention], slots: Int) -> [Int?] {
    var seen: Set<Int> = []
    let distinct = mentions.filter { seen.insert($0.term).inserted }
    let kept = distinct.enumerated()
      .sorted { ($1.element.range.count, $0.offset) < ($0.element.range.count, $1.offset) }
      .prefix(slots).sorted { $0.offset < $1.offset }
    return kept.map(\.element.term) + [Int?](repeating: nil, count: slots - kept.count)
  }
}
