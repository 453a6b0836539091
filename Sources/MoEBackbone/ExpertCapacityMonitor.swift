package import Tensor

/// Counts which experts work on tokens of which entropy.
///
/// The entropy of a token is that of its hidden state, as the router reads it: p = x² / Σ x²,
/// −Σ p ln p / ln d. An expert's token falls into slot ⌊entropy / threshold · 255⌋, at most 255.
package struct ExpertCapacityMonitor: Sendable {
  /// The entropy from which on every token falls into the last slot.
  package static let threshold: Float = 0.7

  /// The counts so far.
  package private(set) var snapshot: ExpertCapacitySnapshot

  /// No counts yet, for E experts.
  package init(experts: Int) { snapshot = ExpertCapacitySnapshot(experts: experts) }

  /// Counts the tokens of one pass of one block.
  package mutating func observe(_ trace: RoutingTrace) {
    observe(hidden: trace.hidden, dispatch: trace.dispatch)
  }

  /// Counts tokens with hidden states [T, d]; O(T·(d + k)).
  package mutating func observe(hidden: Matrix, dispatch: ExpertDispatch) {
    precondition(
      dispatch.expertCount == snapshot.experts && dispatch.tokenCount == hidden.rows,
      "\(dispatch.tokenCount) tokens and \(dispatch.expertCount) experts for \(hidden.rows) and "
        + "\(snapshot.experts)")
    let last = ExpertCapacitySnapshot.slots - 1
    let scale = Float(last) / Self.threshold
    let slots = hidden.energyEntropyOfRows().map { min(last, Int($0 * scale)) }
    snapshot.add(slots: slots, dispatch: dispatch)
  }

  /// Forgets all counts.
  package mutating func reset() { snapshot = ExpertCapacitySnapshot(experts: snapshot.experts) }
}
