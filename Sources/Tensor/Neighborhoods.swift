/// The directed edges of a graph as compressed rows: each undirected edge has two slots.
///
/// Row v has the slots `offsets[v]..<offsets[v + 1]`, one for each edge that ends at v.
package struct Neighborhoods: Sendable, Equatable {
  /// Where the slots of each row start, and their number at the end; [rows + 1].
  package let offsets: [Int32]
  /// The row at the other end; [slots].
  package let sources: [Int32]
  /// Which row of the table of edge vectors belongs to the slot; [slots].
  package let kinds: [Int32]
  /// The slot of the same edge in the list of its source; `reverse[reverse[s]] == s`; [slots].
  package let reverse: [Int32]
  /// All kinds are below this.
  package let kindCount: Int

  /// Checks every index; O(slots).
  package init(
    offsets: [Int32], sources: [Int32], kinds: [Int32], reverse: [Int32], kindCount: Int
  ) {
    let slots = sources.count
    precondition(
      kinds.count == slots && reverse.count == slots && Int(offsets.last ?? -1) == slots
        && offsets.first == 0,
      "\(slots) sources, \(kinds.count) kinds, \(reverse.count) reverse slots")
    let rows = offsets.count - 1
    for row in 0..<rows {
      precondition(offsets[row] <= offsets[row + 1], "slots of row \(row) end before they start")
      for slot in Int(offsets[row])..<Int(offsets[row + 1]) {
        let source = Int(sources[slot])
        precondition(source >= 0 && source < rows, "source \(source) of \(rows) rows")
        let kind = Int(kinds[slot])
        precondition(kind >= 0 && kind < kindCount, "kind \(kind) of \(kindCount)")
        let back = Int(reverse[slot])
        precondition(
          back >= Int(offsets[source]) && back < Int(offsets[source + 1])
            && Int(sources[back]) == row && Int(reverse[back]) == slot,
          "slot \(slot) and its reverse \(back) are no pair")
      }
    }
    self.offsets = offsets
    self.sources = sources
    self.kinds = kinds
    self.reverse = reverse
    self.kindCount = kindCount
  }

  /// The number of rows.
  package var rows: Int { offsets.count - 1 }
}
