import Dispatch
import Synchronization
import Testing

@testable import AlignAPI

@Suite struct BatchWorkerTests {
  /// A worker that doubles numbers, stops at a gate before each batch, and remembers its batches.
  private final class Doubling: Sendable {
    let gate = DispatchSemaphore(value: 0)
    let batches = Mutex<[[Int]]>([])

    func worker(
      waitingLimit: Int, patience: Duration = .milliseconds(1)
    ) -> BatchWorker<Int, Int> {
      BatchWorker(waitingLimit: waitingLimit, batchWeight: 4, patience: patience) { jobs in
        self.batches.withLock { $0.append(jobs) }
        self.gate.wait()
        return jobs.map { 2 * $0 }
      }
    }
  }

  private func untilWaiting(_ count: Int, _ worker: BatchWorker<Int, Int>) async throws {
    while worker.waitingCount != count { try await Task.sleep(for: .milliseconds(1)) }
  }

  private func untilBegun(_ count: Int, _ doubling: Doubling) async throws {
    while doubling.batches.withLock({ $0.count }) < count {
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  @Test func jobsThatWaitTogetherAreDoneTogether() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 10)
    async let first = worker.submit(0).0
    try await untilBegun(1, doubling)
    let rest = Task {
      try await withThrowingTaskGroup(of: Int.self) { group in
        for job in 1...6 { group.addTask { try await worker.submit(job).0 } }
        return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
    }
    try await untilWaiting(6, worker)
    for _ in 0..<3 { doubling.gate.signal() }
    #expect(try await first == 0)
    #expect(try await rest.value == [2, 4, 6, 8, 10, 12])
    #expect(doubling.batches.withLock { $0.map(\.count) } == [1, 4, 2])
  }

  @Test func nextBatchWaitsForTheCompanyOfTheLast() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 10, patience: .seconds(60))
    var tasks: [Task<Int, any Error>] = []
    func submit(_ job: Int) { tasks.append(Task { try await worker.submit(job).0 }) }
    submit(0)
    try await untilBegun(1, doubling)
    for job in 1...3 {
      submit(job)
      try await untilWaiting(job, worker)
    }
    doubling.gate.signal()
    try await untilBegun(2, doubling)
    doubling.gate.signal()
    // Two of three are back: their batch waits for the third.
    for job in 4...5 {
      submit(job)
      try await untilWaiting(job - 3, worker)
    }
    try await Task.sleep(for: .milliseconds(50))
    #expect(doubling.batches.withLock { $0.count } == 2)
    submit(6)
    try await untilBegun(3, doubling)
    doubling.gate.signal()
    for task in tasks { _ = try await task.value }
    #expect(doubling.batches.withLock { $0 } == [[0], [1, 2, 3], [4, 5, 6]])
  }

  @Test func loneClientNeverWaitsForCompany() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 10, patience: .seconds(60))
    for _ in 0..<20 { doubling.gate.signal() }
    let start = ContinuousClock.now
    for job in 0..<20 { #expect(try await worker.submit(job).0 == 2 * job) }
    #expect(.now - start < .seconds(20))
    #expect(doubling.batches.withLock { $0.count } == 20)
  }

  @Test func heavyJobsFillABatchAndAreNeverSplit() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 10)
    async let first = worker.submit(0).0
    try await untilBegun(1, doubling)
    var tasks: [Task<Int, any Error>] = []
    for (job, weight) in [(1, 3), (2, 2), (3, 9)] {
      tasks.append(Task { try await worker.submit(job, weight: weight).0 })
      try await untilWaiting(job, worker)
    }
    for _ in 0..<4 { doubling.gate.signal() }
    _ = try await first
    for task in tasks { _ = try await task.value }
    #expect(doubling.batches.withLock { $0 } == [[0], [1], [2], [3]])
  }

  @Test func tooManyWaitingJobsAreRefusedAtOnce() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 1)
    async let first = worker.submit(1).0
    try await untilBegun(1, doubling)
    async let second = worker.submit(2).0
    try await untilWaiting(1, worker)
    await #expect(throws: SearchError.overloaded(waiting: 1, retryAfter: 1)) {
      try await worker.submit(3)
    }
    for _ in 0..<2 { doubling.gate.signal() }
    #expect(try await [first, second] == [2, 4])
  }

  @Test func cancelledJobIsNeverBegun() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 10)
    async let first = worker.submit(1).0
    try await untilBegun(1, doubling)
    let cancelled = Task { try await worker.submit(2).0 }
    try await untilWaiting(1, worker)
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    #expect(worker.waitingCount == 0)
    doubling.gate.signal()
    #expect(try await first == 2)
    #expect(doubling.batches.withLock { $0 } == [[1]])
  }

  @Test func taskCancelledBeforehandSubmitsNothing() async throws {
    let doubling = Doubling()
    let worker = doubling.worker(waitingLimit: 10)
    async let first = worker.submit(1).0
    try await untilBegun(1, doubling)
    let cancelled = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await worker.submit(2).0
    }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    doubling.gate.signal()
    #expect(try await first == 2)
    #expect(doubling.batches.withLock { $0 } == [[1]])
  }
}
