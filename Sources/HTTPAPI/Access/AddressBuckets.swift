/// A bucket of tokens for each address that asked lately.
///
/// Pure arithmetic; the clock is an argument.
struct AddressBuckets: Sendable {
  /// Addresses that are remembered at most.
  static let addressLimit = 10_000

  private let rate: Double
  private let burst: Int
  private var buckets: [String: TokenBucket] = [:]

  init(rate: Double, burst: Int) {
    self.rate = rate
    self.burst = burst
  }

  /// Takes a token of an address; without one, returns the seconds until there is.
  mutating func take(for address: String, now: ContinuousClock.Instant) -> Double? {
    if buckets[address] == nil, buckets.count >= Self.addressLimit {
      // A full bucket is as good as none.
      let (rate, burst) = (rate, Double(burst))
      buckets = buckets.filter { $0.value.idle(until: now) * rate < burst }
      if buckets.count >= Self.addressLimit { buckets = [:] }
    }
    return buckets[address, default: TokenBucket(rate: rate, burst: burst, now: now)]
      .take(now: now)
  }
}
