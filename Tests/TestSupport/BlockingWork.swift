import Dispatch

/// Runs a body that waits for programs or locks on a thread that nobody else needs.
///
/// Tests share few threads; one that keeps such a thread waiting holds up every other test and the
/// servers that they run. The body stays within the test's task, so what it expects is counted
/// there.
package func blocking<Value: Sendable>(
  _ body: @Sendable () throws -> Value
) async throws -> Value {
  try await withTaskExecutorPreference(ThreadExecutor.shared) { try body() }
}

/// Runs each job on a thread of Dispatch.
private final class ThreadExecutor: TaskExecutor {
  static let shared = ThreadExecutor()
  private let queue = DispatchQueue(label: "ligature.tests.blocking", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
