/// What the routers know besides weights: selection biases and temperatures.
///
/// It is part of the model: saved in checkpoints, used at inference, moved once a training step.
package struct BackboneState: Sendable, Equatable, Codable {
  /// One block's router.
  package struct Block: Sendable, Equatable, Codable {
    /// Added to affinities for choosing only: one value for each expert, or for each code of the
    /// first and then the second codebook.
    package internal(set) var selectionBias: [Float]
    /// Holds the temperature.
    package internal(set) var controller: EntropyController
  }

  /// One for each block.
  package internal(set) var blocks: [Block]

  /// No bias, temperature 1.
  package init(configuration: BackboneConfiguration) {
    let units =
      switch configuration.routing {
      case .keys: configuration.experts
      case .productKeys: 2 * configuration.codes
      }
    let block = Block(
      selectionBias: [Float](repeating: 0, count: units),
      controller: EntropyController(configuration: configuration.entropy))
    blocks = [Block](repeating: block, count: configuration.blocks)
  }

  /// Whether another state belongs to routers of the same shape and holds numbers only.
  package func fits(_ other: BackboneState) -> Bool {
    blocks.count == other.blocks.count
      && zip(blocks, other.blocks).allSatisfy { mine, theirs in
        mine.selectionBias.count == theirs.selectionBias.count
          && theirs.selectionBias.allSatisfy(\.isFinite)
          && theirs.controller.logTemperature.isFinite
          && theirs.controller.configuration.problem == nil
      }
  }

  /// Moves biases and temperatures once, after a training step over the whole batch.
  ///
  /// A bias goes up by γ when its load is below the mean, down when above (Wang and others 2024,
  /// algorithm 1). `statistics` has one for each block.
  package mutating func advance(_ statistics: [RoutingStatistics], biasStep: Float) {
    precondition(
      statistics.count == blocks.count, "\(statistics.count) statistics, \(blocks.count) blocks")
    for (index, block) in statistics.enumerated() {
      let loads = block.loads
      precondition(loads.count == blocks[index].selectionBias.count, "\(loads.count) loads")
      // The two codebooks have equal totals, so one mean serves both.
      let total = loads.reduce(0, +)
      for unit in loads.indices {
        let excess = loads[unit] * loads.count - total
        blocks[index].selectionBias[unit] -= biasStep * Float(excess.signum())
      }
      if let entropy = block.entropy { blocks[index].controller.observe(entropy: entropy) }
    }
  }
}
