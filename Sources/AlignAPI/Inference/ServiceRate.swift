/// How fast work is done, from what batches took: an exponentially weighted mean.
struct ServiceRate: Sendable {
  /// How much the last batch counts.
  private static let share = 0.2
  private var secondsPerUnit: Double?

  /// Notes a batch of a weight, at least 1.
  mutating func note(_ time: Duration, weight: Int) {
    let seconds = time / .seconds(1) / Double(max(1, weight))
    secondsPerUnit = secondsPerUnit.map { $0 + Self.share * (seconds - $0) } ?? seconds
  }

  /// Whole seconds until so much work is done, 1 to 60.
  func seconds(until weight: Int) -> Int {
    let estimate = (secondsPerUnit ?? 0) * Double(weight)
    return Int(min(60, max(1, estimate.rounded(.up))))
  }
}
