package import Alignment
import Dispatch
import Synchronization
import Tensor

/// Watches how far the last text queries are from the texts that a model was trained on.
///
/// A query costs one place in a ring. Statistics are computed on a queue of their own, at most once
/// in ``interval``, while queries come.
package final class DriftMonitor: Sendable {
  /// Queries that are looked at.
  package static let window = 1000
  /// Queries from which on there are statistics.
  package static let leastQueries = 100

  private struct State {
    var queries: [[Float]] = []
    var next = 0
    var statistics: DriftStatistics?
    var lastStart: ContinuousClock.Instant?
    var isComputing = false
  }

  package let reference: DriftReference
  private let interval: Duration
  private let queue = DispatchQueue(label: "ligature.drift", qos: .utility)
  private let state = Mutex(State())

  init(_ reference: DriftReference, interval: Duration = .seconds(10)) {
    self.reference = reference
    self.interval = interval
  }

  /// What was computed last; nil before there were enough queries, or texts in the reference.
  package var statistics: DriftStatistics? { state.withLock { $0.statistics } }

  /// Queries in the window.
  package var queryCount: Int { state.withLock { $0.queries.count } }

  /// Notes the unit vector of a text query.
  func note(_ vector: [Float]) {
    let now = ContinuousClock.now
    let isDue = state.withLock { state in
      if state.queries.count < Self.window {
        state.queries.append(vector)
      } else {
        state.queries[state.next] = vector
        state.next = (state.next + 1) % Self.window
      }
      guard !state.isComputing, state.queries.count >= Self.leastQueries,
        reference.sample.rows >= DriftStatistics.leastCount,
        state.lastStart.map({ now - $0 >= interval }) ?? true
      else { return false }
      state.isComputing = true
      state.lastStart = now
      return true
    }
    if isDue { queue.async { self.compute() } }
  }

  private func compute() {
    let queries = state.withLock { $0.queries }
    let matrix = Matrix(
      rows: queries.count, columns: reference.sample.columns, values: queries.flatMap(\.self))
    let statistics = DriftStatistics(of: matrix, against: reference)
    state.withLock { state in
      state.statistics = statistics
      state.isComputing = false
    }
  }
}
