import Dispatch
import Synchronization
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct ComputationQueueTests {
  private struct Failure: Error {}

  /// How many jobs run, at most ran and are done.
  private final class Counts: Sendable {
    private let state = Mutex([0, 0, 0])

    func begin() {
      state.withLock { state in
        state[0] += 1
        state[1] = max(state[1], state[0])
      }
    }

    func end() {
      state.withLock { state in
        state[0] -= 1
        state[2] += 1
      }
    }

    var most: Int { state.withLock { $0[1] } }
    var done: Int { state.withLock { $0[2] } }
  }

  @Test func resultsAndErrorsComeBack() async throws {
    let queue = ComputationQueue(width: 2)
    #expect(try await queue.run { 7 } == 7)
    await #expect(throws: Failure.self) { try await queue.run { throw Failure() } }
  }

  @Test func noMoreRunAtATimeThanAllowed() async throws {
    let queue = ComputationQueue(width: 2, waitingLimit: 100)
    let counts = Counts()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask {
          try await queue.run {
            counts.begin()
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(2))
            counts.end()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(counts.most <= 2 && counts.done == 40)
  }

  @Test func tooManyAreRefusedAndCancelledOnesNeverBegin() async throws {
    let queue = ComputationQueue(width: 1, waitingLimit: 1)
    let gate = DispatchSemaphore(value: 0)
    let begun = DispatchSemaphore(value: 0)
    let first = Task {
      try await queue.run {
        begun.signal()
        gate.wait()
      }
    }
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        begun.wait()
        continuation.resume()
      }
    }
    let counts = Counts()
    let second = Task { try await queue.run { counts.begin() } }
    while queue.waitingCount == 0 { await Task.yield() }
    await #expect(throws: SearchError.self) { try await queue.run {} }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    gate.signal()
    try await first.value
    #expect(counts.most == 0)
  }
}
