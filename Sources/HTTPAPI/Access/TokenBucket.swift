/// Lets events through at a mean rate, and some at once: a bucket that fills with tokens.
///
/// Pure arithmetic; the clock is an argument.
struct TokenBucket: Sendable {
  /// Tokens a second.
  let rate: Double
  /// Tokens it holds at most; full at first.
  let burst: Double
  private var tokens: Double
  private var last: ContinuousClock.Instant

  init(rate: Double, burst: Int, now: ContinuousClock.Instant) {
    self.rate = rate
    self.burst = Double(burst)
    tokens = self.burst
    last = now
  }

  /// Takes a token; without one, returns the seconds until there is.
  mutating func take(now: ContinuousClock.Instant) -> Double? {
    tokens = min(burst, tokens + max(0, (now - last) / .seconds(1)) * rate)
    last = max(last, now)
    if tokens >= 1 {
      tokens -= 1
      return nil
    }
    return (1 - tokens) / rate
  }

  /// Seconds since a token was last asked for.
  func idle(until now: ContinuousClock.Instant) -> Double { max(0, (now - last) / .seconds(1)) }

  /// Whole tokens left.
  var remaining: Int { Int(tokens) }

  /// Seconds until it is full again.
  var secondsUntilFull: Double { (burst - tokens) / rate }
}
