/// When a pool tries to connect again after connections could not be made.
///
/// After a failure nobody tries for a while; every request gets the last error at once. Then one
/// request tries, and the others are refused until its outcome is known. The pause doubles with
/// each failure in a row, and a random part keeps processes from trying in step. It does no input
/// or output and asks no clock, so it is tested without a database.
struct ConnectBackoff {
  /// What a request that needs a new connection has to do.
  enum Decision: Equatable {
    case connect
    /// Fail at once with the error of the last attempt.
    case refuse(PostgresError)
  }

  private struct Pause {
    var until: ContinuousClock.Instant
    var error: PostgresError
  }

  /// The pause after the first failure, without its random part.
  private let shortest: Duration
  /// No pause is longer.
  private let longest: Duration
  private var failures = 0
  private var pause: Pause?
  private var isTrying = false

  init(shortest: Duration = .milliseconds(100), longest: Duration = .seconds(5)) {
    precondition(shortest > .zero && longest >= shortest, "pauses of \(shortest)...\(longest)")
    self.shortest = shortest
    self.longest = longest
  }

  mutating func decide(at now: ContinuousClock.Instant) -> Decision {
    guard let pause else { return .connect }
    if isTrying || now < pause.until { return .refuse(pause.error) }
    isTrying = true
    return .connect
  }

  /// Notes an attempt that failed; `share`, 0..<1, is the random part.
  ///
  /// The pause is between half and the whole of its length. Attempts that were under way when the
  /// first of them failed do not prolong it.
  mutating func fail(_ error: PostgresError, at now: ContinuousClock.Instant, share: Double) {
    if pause != nil && !isTrying {
      pause?.error = error
      return
    }
    isTrying = false
    var length = shortest
    for _ in 0..<failures where length < longest { length *= 2 }
    failures += 1
    pause = Pause(until: now + min(length, longest) * (0.5 + share / 2), error: error)
  }

  /// Notes an attempt that succeeded.
  mutating func succeed() {
    failures = 0
    pause = nil
    isTrying = false
  }
}
