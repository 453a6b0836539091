package import CoreMetrics

/// What the engine records of its work.
package struct EngineMetrics: Sendable {
  /// The parts of a search that are timed.
  enum Stage: String, CaseIterable {
    case queue, batch, encode, filter, search, database, rerank
  }

  private let stages: [Timer]
  let batchSize: Recorder
  let cancelled: Counter
  let poolWait: Timer
  let writeToSearchable: Timer

  /// Instruments of a factory; the default records nothing.
  package init(_ factory: any MetricsFactory = NOOPMetricsHandler.instance) {
    stages = Stage.allCases.map { stage in
      Timer(
        label: "ligature_stage_duration_seconds", dimensions: [("stage", stage.rawValue)],
        factory: factory)
    }
    batchSize = Recorder(
      label: "ligature_batch_size", dimensions: [], aggregate: true, factory: factory)
    cancelled = Counter(label: "ligature_queue_cancelled_total", dimensions: [], factory: factory)
    poolWait = Timer(
      label: "ligature_database_pool_wait_seconds", dimensions: [], factory: factory)
    writeToSearchable = Timer(
      label: "ligature_write_to_searchable_seconds", dimensions: [], factory: factory)
  }

  func record(_ stage: Stage, _ time: Duration) {
    guard let place = Stage.allCases.firstIndex(of: stage) else { return }
    stages[place].recordNanoseconds(time.nanoseconds)
  }

  /// Records the stages of a search that it went through.
  func record(_ timings: SearchTimings, usedVectors: Bool) {
    if usedVectors { record(.queue, timings.queue) }
    if let filter = timings.filter { record(.filter, filter) }
    record(.database, timings.database)
    if let rerank = timings.rerank { record(.rerank, rerank) }
  }
}

extension Duration {
  /// Whole nanoseconds.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
