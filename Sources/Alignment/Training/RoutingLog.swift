import MoEBackbone

/// What the routers of one epoch did: a report for the log, counts for pictures.
struct RoutingLog {
  /// The counts of each block.
  var snapshots: [ExpertCapacitySnapshot] { monitors.map(\.snapshot) }
  private var monitors: [ExpertCapacityMonitor]
  private var entropies: [[Double]]

  /// Nothing seen yet, for blocks of E experts.
  init(blocks: Int, experts: Int) {
    monitors = [ExpertCapacityMonitor](repeating: .init(experts: experts), count: blocks)
    entropies = [[Double]](repeating: [], count: blocks)
  }

  /// Takes in one step: one list of blocks for each pass over a part of the batch.
  ///
  /// Returns the statistics of the whole batch, one for each block.
  mutating func observe(_ routings: [[RoutingTrace]]) -> [RoutingStatistics] {
    var totals: [RoutingStatistics] = []
    for pass in routings where !pass.isEmpty {
      for (block, trace) in pass.enumerated() {
        monitors[block].observe(trace)
        if totals.count == block {
          totals.append(trace.statistics)
        } else {
          totals[block].merge(trace.statistics)
        }
      }
    }
    for (block, statistics) in totals.enumerated() {
      if let entropy = statistics.entropy { entropies[block].append(entropy) }
    }
    return totals
  }

  /// The epoch so far; `state` holds the temperatures at its end.
  func report(_ state: BackboneState) -> [ExpertReport] {
    monitors.indices.map { block in
      let (snapshot, entropies) = (monitors[block].snapshot, entropies[block])
      let controller = state.blocks[block].controller
      let band = controller.configuration
      let inBand = entropies.count { $0 >= band.lower && $0 <= band.upper }
      return ExpertReport(
        entropy: entropies.reduce(0, +) / Double(max(1, entropies.count)),
        lowestEntropy: entropies.min() ?? 0, highestEntropy: entropies.max() ?? 0,
        shareInBand: Double(inBand) / Double(max(1, entropies.count)),
        temperature: Double(controller.temperature),
        maximumViolation: snapshot.maximumViolation, meanViolation: snapshot.meanViolation,
        deadExperts: snapshot.deadExperts.count, utilization: snapshot.utilization,
        stepEntropies: entropies)
    }
  }
}

/// What the experts of one block did in an epoch.
public struct ExpertReport: Sendable, Codable {
  /// The mean over steps of the normalised routing entropy.
  public let entropy: Double
  /// Its lowest value in a step.
  public let lowestEntropy: Double
  /// Its highest value in a step.
  public let highestEntropy: Double
  /// The share of steps with the entropy in its band.
  public let shareInBand: Double
  /// The router's temperature at the end.
  public let temperature: Double
  /// (largest load − mean load) / mean load.
  public let maximumViolation: Double
  /// Mean of |load − mean load| / mean load.
  public let meanViolation: Double
  /// Experts that no token chose.
  public let deadExperts: Int
  /// The share of all work that each expert had.
  public let utilization: [Double]
  /// The normalised routing entropy of each step.
  public let stepEntropies: [Double]

  enum CodingKeys: String, CodingKey {
    case entropy
    case lowestEntropy = "lowest_entropy"
    case highestEntropy = "highest_entropy"
    case shareInBand = "share_in_band"
    case temperature
    case maximumViolation = "maximum_violation"
    case meanViolation = "mean_violation"
    case deadExperts = "dead_experts"
    case utilization
    case stepEntropies = "step_entropies"
  }
}
