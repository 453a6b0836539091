import CoreMetrics
import Synchronization

/// A count; recording is one atomic addition.
final class CounterCell: CounterHandler, Sendable {
  private let total = Atomic<Int64>(0)

  var value: Double { Double(total.load(ordering: .relaxed)) }

  func increment(by amount: Int64) {
    precondition(amount >= 0, "a counter cannot go down by \(-amount)")
    total.wrappingAdd(amount, ordering: .relaxed)
  }

  func reset() { total.store(0, ordering: .relaxed) }
}

/// A value that goes up and down.
final class GaugeCell: MeterHandler, RecorderHandler, Sendable {
  private let bits = Atomic<UInt64>(0)

  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
  func increment(by amount: Double) { bits.addDouble(amount) }
  func decrement(by amount: Double) { bits.addDouble(-amount) }
}

/// Counts values by buckets with fixed bounds; recording is two atomic additions and takes no lock.
final class HistogramCell: RecorderHandler, TimerHandler, Sendable {
  /// Buckets at most.
  static let capacity = 32

  private let bounds: [Double]
  private let counts = InlineArray<32, Atomic<UInt64>> { _ in Atomic(0) }
  private let sum = Atomic<UInt64>(0)

  init(bounds: [Double]) {
    precondition(bounds.count < Self.capacity, "\(bounds.count) bounds")
    self.bounds = bounds
  }

  /// The counts as they stand; a value that is being recorded may be in only one of both.
  var value: HistogramValue {
    HistogramValue(
      bounds: bounds, counts: (0...bounds.count).map { counts[$0].load(ordering: .relaxed) },
      sum: Double(bitPattern: sum.load(ordering: .relaxed)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    // Few bounds, and most values are small.
    var bucket = 0
    while bucket < bounds.count && !(value <= bounds[bucket]) { bucket += 1 }
    counts[bucket].wrappingAdd(1, ordering: .relaxed)
    sum.addDouble(value)
  }

  /// A time, recorded in seconds.
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) * 1e-9) }
}

extension Atomic<UInt64> {
  /// Adds to a number that is kept as its bit pattern.
  fileprivate func addDouble(_ amount: Double) {
    var old = load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (isDone, found) = weakCompareExchange(
        expected: old, desired: new, ordering: .relaxed)
      if isDone { return }
      old = found
    }
  }
}
