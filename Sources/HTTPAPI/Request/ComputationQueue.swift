import AlignAPI
import Dispatch
import FoundationEssentials
import Synchronization

/// Computes on threads of its own, a few jobs at a time, so that none of Swift's own threads is
/// kept from other tasks by a drawing or a search for a pattern.
final class ComputationQueue: Sendable {
  private struct Entry {
    let number: UInt64
    let start: @Sendable () -> Void
    let refuse: @Sendable (any Error) -> Void
  }

  private struct State {
    var waiting: [Entry] = []
    var running = 0
    var lastNumber: UInt64 = 0
  }

  private enum Admission {
    case start, wait
    case refuse(Int)
  }

  private let width: Int
  private let waitingLimit: Int
  private let state = Mutex(State())
  private let queue = DispatchQueue(
    label: "ligature.computation", qos: .userInitiated, attributes: .concurrent)

  /// `width` jobs run at a time, by default half as many as there are cores; at most
  /// `waitingLimit` wait.
  init(
    width: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2), waitingLimit: Int = 64
  ) {
    self.width = width
    self.waitingLimit = waitingLimit
  }

  /// Has a job done.
  ///
  /// Throws what the job throws, `SearchError.overloaded` at once when too many wait, and
  /// `CancellationError` when the task is cancelled before the job has begun.
  func run<Value: Sendable>(
    _ job: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        admit(
          Entry(number: number) {
            continuation.resume(with: Result { try job() })
          } refuse: {
            continuation.resume(throwing: $0)
          })
      }
    } onCancel: {
      abandon(number)
    }
  }

  private func admit(_ entry: Entry) {
    let admission: Admission = state.withLock { state in
      if state.running < width {
        state.running += 1
        return .start
      }
      if state.waiting.count >= waitingLimit { return .refuse(state.waiting.count) }
      state.waiting.append(entry)
      return .wait
    }
    switch admission {
    case .start: queue.async { self.work(entry) }
    case .wait:
      // A cancellation before the job was in the queue found nothing to abandon.
      if Task.isCancelled { abandon(entry.number) }
    case .refuse(let count): entry.refuse(SearchError.overloaded(waiting: count, retryAfter: 1))
    }
  }

  private func work(_ first: Entry) {
    var next: Entry? = first
    while let entry = next {
      entry.start()
      next = state.withLock { state in
        if state.waiting.isEmpty {
          state.running -= 1
          return nil
        }
        return state.waiting.removeFirst()
      }
    }
  }

  private func abandon(_ number: UInt64) {
    let entry = state.withLock { state in
      state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
    }
    entry?.refuse(CancellationError())
  }
}
