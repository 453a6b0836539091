/// What a key without limits of its own may do.
package struct AccessLimits: Sendable, Equatable {
  /// The least rate of a key: one request in a thousand seconds.
  package static let lowestRate = 0.001

  /// Requests a second in the long run.
  package var rate: Double
  /// Requests that may come at once.
  package var burst: Int

  package init(rate: Double = 100, burst: Int = 200) {
    self.rate = rate
    self.burst = burst
  }
}
