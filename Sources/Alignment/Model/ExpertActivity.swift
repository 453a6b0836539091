package import MoEBackbone
import Synchronization

/// What the experts of a loaded model have done so far; safe to use from any thread.
package final class ExpertActivity: Sendable {
  private let monitors: Mutex<[ExpertCapacityMonitor]>

  /// No counts yet, for blocks of E experts.
  init(blocks: Int, experts: Int) {
    monitors = Mutex([ExpertCapacityMonitor](repeating: .init(experts: experts), count: blocks))
  }

  /// The counts of each block since the model was loaded.
  package var snapshots: [ExpertCapacitySnapshot] {
    monitors.withLock { $0.map(\.snapshot) }
  }

  /// Counts one pass; one trace for each block.
  func observe(_ routings: [RoutingTrace]) {
    monitors.withLock { monitors in
      for (index, trace) in routings.enumerated() { monitors[index].observe(trace) }
    }
  }
}
