extension Parallel {
  /// Maps runs of consecutive items on all cores; results are in the order of the runs.
  ///
  /// A run ends before the sum of its sizes passes `limit`; a larger item runs alone. Runs depend
  /// on the sizes only, so results do not depend on the number of cores.
  package static func map<Value: Sendable>(
    _ count: Int, atMost limit: Int, size: (Int) -> Int, _ transform: (Range<Int>) -> Value
  ) -> [Value] {
    var runs: [Range<Int>] = []
    var start = 0
    var total = 0
    for item in 0..<count {
      let own = size(item)
      if item > start && total + own > limit {
        runs.append(start..<item)
        start = item
        total = 0
      }
      total += own
    }
    if start < count { runs.append(start..<count) }
    return map(runs.count, by: 1) { transform(runs[$0]) }
  }
}
