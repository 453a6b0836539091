package import MoEBackbone
import Synchronization

/// What the experts of a loaded model have done so far; safe to use from any thread.
package final class ExpertActivity: Sendable {
  /// What one block did since the model was loaded.
  package struct Counts: Sendable {
    /// Tokens by expert and by entropy of their hidden state.
    package let capacity: ExpertCapacitySnapshot
    /// Mean over tokens of the normalised entropy of the router's distribution, 0...1; nil without
    /// tokens.
    package let entropy: Double?
  }

  private struct Block {
    var monitor: ExpertCapacityMonitor
    var statistics: RoutingStatistics?
  }

  private let blocks: Mutex<[Block]>

  /// No counts yet, for blocks of E experts.
  init(blocks: Int, experts: Int) {
    self.blocks = Mutex(
      [Block](repeating: Block(monitor: .init(experts: experts)), count: blocks))
  }

  /// The counts of each block.
  package var counts: [Counts] {
    blocks.withLock { blocks in
      blocks.map { Counts(capacity: $0.monitor.snapshot, entropy: $0.statistics?.entropy) }
    }
  }

  /// Counts one pass; one trace for each block.
  func observe(_ routings: [RoutingTrace]) {
    blocks.withLock { blocks in
      for (index, trace) in routings.enumerated() {
        blocks[index].monitor.observe(trace)
        if blocks[index].statistics == nil {
          blocks[index].statistics = trace.statistics
        } else {
          blocks[index].statistics?.merge(trace.statistics)
        }
      }
    }
  }
}
