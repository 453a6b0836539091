import Foundation
import MoEBackbone
import Tensor
import Testing

/// Balance and entropy of real routers, step after step, with the weights left alone.
struct RoutingControlTests {
  private func configuration(
    _ routing: BackboneConfiguration.Routing
  ) -> BackboneConfiguration {
    var configuration = BackboneConfiguration()
    configuration.width = 32
    configuration.blocks = 1
    configuration.experts = 64
    configuration.expertWidth = 1
    configuration.chosenExperts = 4
    configuration.sharedExpertWidth = 4
    configuration.routing = routing
    configuration.biasStep = 0.01
    return configuration
  }

  /// Tokens about a common direction: without a bias some experts have far more than others.
  private func views(step: Int) -> Matrix {
    var views = Matrix.random(2 * 100, 32, seed: UInt64(1000 + step))
    let direction = Matrix.random(1, 32, seed: 999)
    for row in 0..<views.rows {
      for column in 0..<32 { views[row, column] += 0.7 * direction[0, column] }
    }
    return views
  }

  @Test(arguments: [BackboneConfiguration.Routing.keys, .productKeys], [Float(1), 5])
  func loadsEvenOutAndEntropyStaysInItsBand(
    routing: BackboneConfiguration.Routing, spread: Float
  ) throws {
    let configuration = configuration(routing)
    let backbone = Backbone(configuration: configuration)
    var parameters = backbone.initialParameters(seed: 1)
    for index in parameters.parameters.indices
    where parameters.parameters[index].name.contains(".router.") {
      let value = parameters.parameters[index].value
      parameters.parameters[index].value.add(value, factor: spread - 1)
    }
    let domains = [Domain](repeating: .default, count: 100)
    var state = backbone.initialState
    func violation(_ loads: [Int]) -> Double {
      let mean = Double(loads.reduce(0, +)) / Double(loads.count)
      return loads.reduce(0) { $0 + abs(Double($1) - mean) } / mean / Double(loads.count)
    }
    var violations: [Double] = []
    var entropies: [Double] = []
    for step in 0..<250 {
      let output = backbone.pass(
        views(step: step), domains: domains, parameters: parameters, state: state
      ).output
      let statistics = output.routings.map(\.statistics)
      violations.append(violation(statistics[0].loads))
      entropies.append(try #require(statistics[0].entropy))
      state.advance(statistics, biasStep: configuration.biasStep)
    }
    #expect(entropies.suffix(150).allSatisfy { $0 >= 0.65 && $0 <= 0.75 })
    let (early, late) = (violations[0], violations.suffix(20).reduce(0, +) / 20)
    #expect(late < 0.5 * early, "mean violation \(early) → \(late)")
  }

  @Test func biasMovesByItsStepTowardsTheMean() throws {
    let backbone = Backbone(configuration: configuration(.keys))
    let output = backbone.pass(
      views(step: 0), domains: [Domain](repeating: .default, count: 100),
      parameters: backbone.initialParameters(seed: 2), state: backbone.initialState
    ).output
    let statistics = output.routings[0].statistics
    var state = backbone.initialState
    state.advance([statistics], biasStep: 0.25)
    let mean = 200.0 * 4 / 64
    for (load, bias) in zip(statistics.loads, state.blocks[0].selectionBias) {
      #expect(bias == (Double(load) < mean ? 0.25 : Double(load) > mean ? -0.25 : 0))
    }
    let restored = try JSONDecoder().decode(
      BackboneState.self, from: JSONEncoder().encode(state))
    #expect(restored == state)
  }

  @Test(arguments: [BackboneConfiguration.Routing.keys, .productKeys])
  func mergedPartsEqualTheWhole(routing: BackboneConfiguration.Routing) throws {
    let backbone = Backbone(configuration: configuration(routing))
    let parameters = backbone.initialParameters(seed: 3)
    let views = views(step: 0)
    func statistics(_ items: Range<Int>) -> RoutingStatistics {
      backbone.pass(
        views.gatheringRows(Array(items.lowerBound * 2..<items.upperBound * 2)),
        domains: [Domain](repeating: .default, count: items.count), parameters: parameters,
        state: backbone.initialState
      ).output.routings[0].statistics
    }
    let whole = statistics(0..<100)
    var merged = statistics(0..<33)
    merged.merge(statistics(33..<100))
    #expect(merged.loads == whole.loads)
    #expect(merged.tokens == 200)
    let (a, b) = (try #require(merged.entropy), try #require(whole.entropy))
    #expect(abs(a - b) < 1e-6)
  }
}
