import Foundation

/// Loads and entropy of one router over a batch; parts of a batch can be merged.
package struct RoutingStatistics: Sendable, Equatable {
  /// Choices of each expert, or of each code of the first and then the second codebook.
  package private(set) var loads: [Int]
  /// Σ over tokens of −Σ p ln p / ln E.
  package private(set) var entropySum: Double
  /// Tokens.
  package private(set) var tokens: Int

  /// `entropies` of each token are in nats.
  init(loads: [Int], entropies: [Float], experts: Int) {
    self.loads = loads
    let sum = entropies.reduce(0.0) { $0 + Double($1) }
    entropySum = experts > 1 ? sum / log(Double(experts)) : 0
    tokens = entropies.count
  }

  /// Mean over tokens of the normalised entropy of the router's distribution softmax(l/τ), 0...1;
  /// nil without tokens.
  package var entropy: Double? { tokens > 0 ? entropySum / Double(tokens) : nil }

  /// Adds another part of the same batch.
  package mutating func merge(_ other: RoutingStatistics) {
    precondition(
      loads.count == other.loads.count, "\(loads.count) and \(other.loads.count) loads")
    for index in loads.indices { loads[index] += other.loads[index] }
    entropySum += other.entropySum
    tokens += other.tokens
  }
}
