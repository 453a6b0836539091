import Dispatch
import Synchronization

/// One piece of work at a time on a thread that may block.
final class BackgroundStep: Sendable {
  private let queue = DispatchQueue(label: "ligature.index.step")
  private let group = DispatchGroup()
  private let state = Mutex(State())

  private struct State {
    var result: Result<Void, any Error>?
    var seconds = 0.0
  }

  /// Seconds that the work took so far.
  var seconds: Double { state.withLock { $0.seconds } }

  /// Starts the work; the one before must be finished.
  func begin(_ work: @escaping @Sendable () throws -> Void) {
    queue.async(group: group) {
      let clock = ContinuousClock()
      let start = clock.now
      let result = Result { try work() }
      let seconds = (clock.now - start) / .seconds(1)
      self.state.withLock { state in
        precondition(state.result == nil, "the step before was not finished")
        state.result = result
        state.seconds += seconds
      }
    }
  }

  /// Waits for the work, throws its error, and returns whether there was any.
  func finish() throws -> Bool {
    group.wait()
    let result = state.withLock { state in
      defer { state.result = nil }
      return state.result
    }
    try result?.get()
    return result != nil
  }
}
