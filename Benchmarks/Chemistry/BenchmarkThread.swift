import Foundation

/// A thread that computes one value.
///
/// Safe to share: `value` is written once by the thread before it signals and read after.
final class BenchmarkThread<Value: Sendable>: @unchecked Sendable {
  private var value: Value?
  private let finished = DispatchSemaphore(value: 0)

  /// Starts at once.
  init(_ work: @escaping @Sendable () -> Value) {
    let thread = Thread {
      self.value = work()
      self.finished.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for the value.
  func join() -> Value {
    finished.wait()
    guard let value else { preconditionFailure("the thread ended without a value") }
    return value
  }
}
