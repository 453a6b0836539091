import Tensor

/// Counts [E, 256] of tokens by expert and slot of entropy; snapshots can be merged.
package struct ExpertCapacitySnapshot: Sendable, Equatable, Codable {
  /// Slots of entropy.
  package static let slots = 256

  /// E, the number of experts.
  package let experts: Int
  /// Row after row, one for each expert.
  package private(set) var counts: [UInt64]
  /// Tokens seen; each counts once for each of its experts.
  package private(set) var tokens: UInt64

  /// No counts yet.
  package init(experts: Int) {
    precondition(experts >= 1, "\(experts) experts")
    self.experts = experts
    counts = [UInt64](repeating: 0, count: experts * Self.slots)
    tokens = 0
  }

  /// The count of an expert and a slot.
  package subscript(expert: Int, slot: Int) -> UInt64 {
    precondition(slot >= 0 && slot < Self.slots, "slot \(slot) of \(Self.slots)")
    return counts[expert * Self.slots + slot]
  }

  /// The tokens that each expert has worked on.
  package var loads: [UInt64] {
    (0..<experts).map { counts[$0 * Self.slots..<($0 + 1) * Self.slots].reduce(0, +) }
  }

  /// The counts of each expert with neighbouring slots joined; [E][slots], a divisor of 256.
  package func grouped(slots: Int) -> [[UInt64]] {
    precondition(slots >= 1 && Self.slots % slots == 0, "\(Self.slots) slots in \(slots)")
    let width = Self.slots / slots
    return (0..<experts).map { expert in
      (0..<slots).map { slot in
        let first = expert * Self.slots + slot * width
        return counts[first..<first + width].reduce(0, +)
      }
    }
  }

  /// The share of all work that each expert had; the sum is 1, or 0 without tokens.
  package var utilization: [Double] {
    let loads = loads
    let total = Double(max(1, loads.reduce(0, +)))
    return loads.map { Double($0) / total }
  }

  /// (largest load − mean load) / mean load (Wang and others 2024, equation 4); 0 without tokens.
  package var maximumViolation: Double { violations.max() ?? 0 }

  /// The mean of |load − mean load| / mean load; 0 without tokens.
  package var meanViolation: Double {
    violations.reduce(0) { $0 + abs($1) } / Double(experts)
  }

  /// Experts that no token chose.
  package var deadExperts: [Int] { loads.indices.filter { loads[$0] == 0 } }

  private var violations: [Double] {
    tokens == 0 ? loads.map { _ in 0 } : utilization.map { $0 * Double(experts) - 1 }
  }

  /// Adds the counts of another.
  package mutating func merge(_ other: ExpertCapacitySnapshot) {
    precondition(experts == other.experts, "\(experts) and \(other.experts) experts")
    for index in counts.indices { counts[index] += other.counts[index] }
    tokens += other.tokens
  }

  /// Counts tokens whose slots are given.
  mutating func add(slots: [Int], dispatch: ExpertDispatch) {
    dispatch.forEachChoice { expert, token in
      counts[expert * Self.slots + slots[token]] += 1
    }
    tokens += UInt64(slots.count)
  }
}
