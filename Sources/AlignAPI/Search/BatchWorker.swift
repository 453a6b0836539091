import CoreMetrics
import Dispatch
import Synchronization

/// Gathers jobs that wait at the same time into batches, and works on one batch after the other.
///
/// After a batch, the next one starts when as many jobs wait as were there around the last, or a
/// short while later: clients that ask one question after the other would otherwise fall into two
/// groups that wait for each other's batches. Alone, or after a pause, a job starts at once. The
/// work runs on a queue of its own, never on Swift's own threads.
final class BatchWorker<Job: Sendable, Output: Sendable>: Sendable {
  /// Does a batch; one output for each job, in order.
  typealias Work = @Sendable ([Job]) -> [Output]

  private struct Entry {
    let number: UInt64
    let job: Job
    let weight: Int
    let arrival: ContinuousClock.Instant
    let continuation: CheckedContinuation<(Output, queued: Duration), any Error>
  }

  private enum Admission {
    case refuse(waiting: Int, seconds: Int)
    case start
    case wait
  }

  private struct Core {
    var waiting: [Entry] = []
    /// What they weigh together.
    var waitingWeight = 0
    /// What the batch that is worked on weighs.
    var workingWeight = 0
    var rate = ServiceRate()
    var lastNumber: UInt64 = 0
    var isWorking = false
    /// Jobs that were in the last batch or waited when it began.
    var company = 0
    /// Whether the worker waits for `company`.
    var isGathering = false
  }

  private let waitingLimit: Int
  private let batchWeight: Int
  private let metrics: EngineMetrics
  private let work: Work
  private let queue = DispatchQueue(label: "ligature.search", qos: .userInitiated)
  private let core = Mutex(Core())
  private let gathered = DispatchSemaphore(value: 0)
  private let patience: Duration

  /// At most `waitingLimit` jobs wait; a batch has at most `batchWeight` in all, or is one job.
  ///
  /// `patience` is the longest wait for company.
  init(
    waitingLimit: Int, batchWeight: Int, patience: Duration = .milliseconds(8),
    metrics: EngineMetrics = EngineMetrics(), work: @escaping Work
  ) {
    precondition(
      waitingLimit >= 1 && batchWeight >= 1, "\(waitingLimit) jobs, batches of \(batchWeight)")
    self.patience = patience
    self.metrics = metrics
    self.waitingLimit = waitingLimit
    self.batchWeight = batchWeight
    self.work = work
  }

  /// How many jobs wait.
  var waitingCount: Int { core.withLock { $0.waiting.count } }

  /// Has a job done; returns its output and how long it waited.
  ///
  /// Throws `SearchError.overloaded` at once when too many wait, with the time that those need at the
  /// measured rate; `CancellationError` when the task is cancelled before the job's batch begins.
  func submit(_ job: Job, weight: Int = 1) async throws -> (Output, queued: Duration) {
    let number = core.withLock { core in
      core.lastNumber += 1
      return core.lastNumber
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enqueue(
          Entry(
            number: number, job: job, weight: weight, arrival: .now, continuation: continuation))
      }
    } onCancel: {
      abandon(number)
    }
  }

  private func enqueue(_ entry: Entry) {
    let admission: Admission = core.withLock { core in
      if core.waiting.count >= waitingLimit {
        return .refuse(
          waiting: core.waiting.count,
          seconds: core.rate.seconds(until: core.waitingWeight + core.workingWeight))
      }
      core.waiting.append(entry)
      core.waitingWeight += entry.weight
      if core.isGathering && core.waiting.count >= min(core.company, batchWeight) {
        core.isGathering = false
        gathered.signal()
      }
      if core.isWorking { return .wait }
      core.isWorking = true
      return .start
    }
    switch admission {
    case .refuse(let waiting, let seconds):
      entry.continuation.resume(
        throwing: SearchError.overloaded(waiting: waiting, retryAfter: seconds))
      return
    case .start: queue.async { self.workUntilIdle() }
    case .wait: break
    }
    // A cancellation before the job was in the queue found nothing to abandon.
    if Task.isCancelled { abandon(entry.number) }
  }

  private func abandon(_ number: UInt64) {
    let entry = core.withLock { core in
      core.waiting.firstIndex { $0.number == number }.map { place in
        core.waitingWeight -= core.waiting[place].weight
        return core.waiting.remove(at: place)
      }
    }
    guard let entry else { return }
    metrics.cancelled.increment()
    entry.continuation.resume(throwing: CancellationError())
  }

  private func workUntilIdle() {
    while let batch = nextBatch() {
      let start = ContinuousClock.now
      let outputs = work(batch.map(\.job))
      precondition(outputs.count == batch.count, "\(outputs.count) outputs for \(batch.count) jobs")
      let time = ContinuousClock.now - start
      let weight = core.withLock { core in
        core.rate.note(time, weight: core.workingWeight)
        return core.workingWeight
      }
      metrics.batchSize.record(weight)
      metrics.record(.batch, time)
      for (entry, output) in zip(batch, outputs) {
        entry.continuation.resume(returning: (output, queued: start - entry.arrival))
      }
      gather()
    }
  }

  /// Waits until the company of the last batch is back, not longer than `patience`.
  private func gather() {
    let mustWait = core.withLock { core in
      core.isGathering = core.waiting.count < min(core.company, batchWeight)
      return core.isGathering
    }
    guard mustWait else { return }
    let nanoseconds = Int(patience / .nanoseconds(1))
    if gathered.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success { return }
    let wasSignalled = core.withLock { core in
      defer { core.isGathering = false }
      return !core.isGathering
    }
    // The signal came between the end of the wait and the lock: take it back.
    if wasSignalled { gathered.wait() }
  }

  private func nextBatch() -> [Entry]? {
    core.withLock { core in
      core.company = core.waiting.count
      var weight = 0
      var count = 0
      for entry in core.waiting {
        if count > 0 && weight + entry.weight > batchWeight { break }
        weight += entry.weight
        count += 1
      }
      core.workingWeight = weight
      core.waitingWeight -= weight
      if count == 0 {
        // Whoever comes now finds the worker idle and starts at once.
        core.isWorking = false
        return nil
      }
      let batch = Array(core.waiting.prefix(count))
      core.waiting.removeFirst(count)
      return batch
    }
  }
}
