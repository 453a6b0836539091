/// When a request is sent again, and after how long.
///
/// Pauses grow twice as long each time up to `longest`, each by chance between nothing and all of it, and
/// are never shorter than Retry-After asks. Every request may be sent again: reads change nothing, and
/// writes carry an idempotency key.
public struct RetryPolicy: Sendable, Equatable {
  /// How often a request is tried at most, from 1.
  public var attempts: Int
  /// The first pause.
  public var first: Duration
  /// The longest pause without advice.
  public var longest: Duration
  /// No pause begins that would end later than this after the first try.
  public var patience: Duration

  /// With these parts.
  public init(
    attempts: Int = 6, first: Duration = .milliseconds(100), longest: Duration = .seconds(5),
    patience: Duration = .seconds(60)
  ) {
    precondition(attempts >= 1, "\(attempts) attempts, expected at least 1")
    self.attempts = attempts
    self.first = first
    self.longest = longest
    self.patience = patience
  }

  /// Every request is sent once.
  public static let none = RetryPolicy(attempts: 1)

  /// The pause before the try after `attempt`, which counts from 1; `chance` is from 0 to 1.
  func pause(after attempt: Int, asked: Double?, chance: Double) -> Duration {
    let grown = min(longest, first * (1 << min(attempt - 1, 20))) * chance
    guard let asked else { return grown }
    return .milliseconds(Int64(asked * 1000)) + min(grown, .seconds(1))
  }

  /// 409 with Retry-After: the same write is being done, by a try that was cut off.
  func repeats(_ problem: Problem) -> Bool {
    [429, 502, 503, 504].contains(problem.status)
      || (problem.status == 409 && problem.retryAfter != nil)
  }
}
