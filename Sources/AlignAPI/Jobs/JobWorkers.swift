package import Alignment
import Digest
import Foundation
package import Logging
package import Postgres
import Synchronization
import Tensor

/// Threads of a server that work on what is queued for its model, at low priority and on no other
/// thread, so that searches keep their latency.
package final class JobWorkers: Sendable {
  private let checkpoint: Checkpoint
  private let settings: ConnectionSettings
  private let count: Int
  private let lease: Duration
  private let log: Logger
  private let isStopping = StopFlag()
  private let wakeUp = NSCondition()
  private let running = Mutex(0)

  /// Longest time until a chunk is seen that another process queued.
  private static let lookInterval = 1.0
  /// Seconds without a look after an error.
  private static let errorPause = 5.0
  /// How much less than others they get of a busy processor (nice(1)).
  private static let niceness: Int32 = 10
  /// Seconds for the chunks at hand when it stops; after that their leases run out.
  private static let patience = 10.0

  package init(
    _ checkpoint: Checkpoint, settings: ConnectionSettings, count: Int,
    lease: Duration = .seconds(60), log: Logger
  ) {
    self.checkpoint = checkpoint
    self.settings = settings
    self.count = count
    self.lease = lease
    self.log = log
  }

  /// Starts the threads; called once.
  package func start() {
    for number in 0..<count {
      running.withLock { $0 += 1 }
      let thread = Thread { [self] in
        // Linux keeps it for each thread.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        Parallel.$isConfined.withValue(true) { work() }
        running.withLock { $0 -= 1 }
      }
      thread.name = "ligature.job.\(number)"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Says that something was queued.
  package func wake() {
    wakeUp.lock()
    wakeUp.broadcast()
    wakeUp.unlock()
  }

  /// Ends them behind the chunks at hand, and waits for that.
  package func stop() {
    isStopping.raise()
    wake()
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while running.withLock({ $0 }) > 0 && Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
  }

  private func work() {
    var connection: Connection?
    while !isStopping.isRaised {
      do {
        let open = try connection ?? Connection(settings)
        connection = open
        if let model = try ModelStore(open).find(checksum: checkpoint.checksum.hexadecimal),
          try IndexJobStore(open).hasFreeChunk(.model(model.id))
        {
          try work(as: model)
        } else {
          pause(Self.lookInterval)
        }
      } catch let error as IndexError {
        // What is wrong with a job is told there; what is wrong with the server passes.
        log.warning("jobs: \(error)")
        if case .databaseLost = error { connection = nil }
        pause(error.isAboutJob ? 0 : Self.errorPause)
      } catch {
        log.warning("jobs: \(error)")
        connection = nil
        pause(Self.errorPause)
      }
    }
  }

  /// Works until nothing is free.
  private func work(as model: StoredModel) throws {
    let worker = try IndexWorker(
      checkpoint: checkpoint, model: model, settings: settings, scope: .model(model.id),
      lease: lease)
    try worker.run(
      shouldStop: { isStopping.isRaised }, isOver: { _ in true }, report: { _ in })
  }

  private func pause(_ seconds: Double) {
    wakeUp.lock()
    if !isStopping.isRaised { _ = wakeUp.wait(until: Date(timeIntervalSinceNow: seconds)) }
    wakeUp.unlock()
  }
}

extension IndexError {
  /// Whether the next job may go well.
  fileprivate var isAboutJob: Bool {
    switch self {
    case .badRow, .vectorNotFinite, .damagedChunk: true
    default: false
    }
  }
}
