import Foundation
import MoEBackbone
import Tensor
import Testing

struct BackboneTests {
  private static func small(
    _ routing: BackboneConfiguration.Routing = .keys
  ) -> BackboneConfiguration {
    var configuration = BackboneConfiguration()
    configuration.width = 24
    configuration.experts = 16
    configuration.chosenExperts = 4
    configuration.sharedExpertWidth = 20
    configuration.routing = routing
    return configuration
  }

  private func domains(_ count: Int) -> [Domain] {
    (0..<count).map { Domain.allCases[$0 % Domain.allCases.count] }
  }

  @Test func aFreshBackboneIsCloseToTheIdentity() {
    let backbone = Backbone(configuration: BackboneConfiguration())
    let parameters = backbone.initialParameters(seed: 1)
    let views = Matrix.random(2 * 20, 256, seed: 2)
    var change = backbone.encode(
      views, domains: domains(20), parameters: parameters, state: backbone.initialState)
    change.add(views, factor: -1)
    #expect((change.dot(change) / views.dot(views)).squareRoot() < 0.05)
  }

  @Test(arguments: [BackboneConfiguration.Routing.keys, .productKeys])
  func batchMatesNeverChangeAnItem(routing: BackboneConfiguration.Routing) {
    let backbone = Backbone(configuration: Self.small(routing))
    let parameters = backbone.initialParameters(seed: 3).shaken(seed: 60, deviation: 0.1)
    let views = Matrix.random(2 * 50, 24, seed: 4)
    let all = domains(50)
    let whole = backbone.encode(
      views, domains: all, parameters: parameters, state: backbone.initialState)
    for items in [[0], [7, 49], [30, 2, 11]] {
      let rows = items.flatMap { [2 * $0, 2 * $0 + 1] }
      let part = backbone.encode(
        views.gatheringRows(rows), domains: items.map { all[$0] }, parameters: parameters,
        state: backbone.initialState)
      let expected = whole.gatheringRows(rows)
      let worst = zip(part.values, expected.values).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-5)
    }
  }

  @Test(arguments: [0, 16])
  func viewsOfAnItemSeeOneAnotherOnlyThroughMixing(mixingWidth: Int) {
    var configuration = Self.small()
    configuration.mixingWidth = mixingWidth
    let backbone = Backbone(configuration: configuration)
    let parameters = backbone.initialParameters(seed: 16).shaken(seed: 40, deviation: 0.1)
    var views = Matrix.random(2, 24, seed: 17)
    func run() -> Matrix {
      backbone.encode(
        views, domains: [.default], parameters: parameters, state: backbone.initialState)
    }
    let before = run()
    views[1, 3] += 1
    #expect((run().row(0) == before.row(0)) == (mixingWidth == 0))
  }

  @Test(arguments: [BackboneConfiguration.Routing.keys, .productKeys])
  func noTokenIsDropped(routing: BackboneConfiguration.Routing) {
    let backbone = Backbone(configuration: Self.small(routing))
    // One key far larger than the others draws every token to one expert.
    let parameters = backbone.initialParameters(seed: 5).shaken(seed: 70, deviation: 2)
    let output = backbone.pass(
      Matrix.random(2 * 40, 24, seed: 6), domains: domains(40), parameters: parameters,
      state: backbone.initialState
    ).output
    for trace in output.routings {
      var chosen = [Set<Int>](repeating: [], count: 80)
      trace.dispatch.forEachChoice { expert, token in chosen[token].insert(expert) }
      #expect(chosen.allSatisfy { $0.count == 4 })
    }
  }

  /// Passes beside one another get cores in turns that differ; Benchmarks/backbone.sh compares one
  /// core with two.
  @Test func repeatedPassesHaveTheSameBits() {
    let backbone = Backbone(configuration: Self.small())
    let parameters = backbone.initialParameters(seed: 7).shaken(seed: 80, deviation: 0.1)
    let views = Matrix.random(2 * 300, 24, seed: 8)
    func gradients() -> [Matrix] {
      let (tape, _, output, variables) = backbone.pass(
        views, domains: domains(300), parameters: parameters, state: backbone.initialState)
      let all = tape.gradients(of: [(output.views, .random(600, 24, seed: 9))])
      return [tape.value(of: output.views)]
        + parameters.parameters.compactMap { variables[$0.name].map { all[$0] } }
    }
    let first = gradients()
    let others = Parallel.map(4, by: 1) { _ in gradients() }
    #expect(others.allSatisfy { $0 == first })
  }

  @Test func dropoutIsAFunctionOfTheSeed() {
    let backbone = Backbone(configuration: Self.small())
    let parameters = backbone.initialParameters(seed: 10).shaken(seed: 90)
    let views = Matrix.random(2 * 6, 24, seed: 11)
    func run(_ mode: LayerMode) -> Matrix {
      let (tape, _, output, _) = backbone.pass(
        views, domains: domains(6), parameters: parameters, state: backbone.initialState,
        mode: mode)
      return tape.value(of: output.views)
    }
    let dropped = run(.training(dropout: 0.3, seed: 1))
    #expect(dropped == run(.training(dropout: 0.3, seed: 1)))
    #expect(dropped != run(.training(dropout: 0.3, seed: 2)))
    #expect(dropped != run(.inference))
    #expect(run(.training(dropout: 0, seed: 1)) == run(.inference))
  }

  @Test func impossibleShapesAreNamed() {
    var configuration = BackboneConfiguration()
    #expect(configuration.problem == nil)
    configuration.routing = .productKeys
    configuration.experts = 60
    #expect(configuration.problem?.contains("not a square") == true)
    configuration = BackboneConfiguration()
    configuration.chosenExperts = 65
    #expect(configuration.problem == "65 chosen of 64 experts")
    configuration = BackboneConfiguration()
    configuration.entropy.lower = 0.8
    #expect(configuration.problem?.contains("entropy band") == true)
  }
}

struct DomainAdapterTests {
  private let backbone: Backbone = {
    var configuration = BackboneConfiguration()
    configuration.width = 32
    configuration.sharedExpertWidth = 40
    return Backbone(configuration: configuration)
  }()

  /// One optimiser step on the parameters that `isTrained` names.
  private func trained(
    _ parameters: ParameterSet, domains: [Domain], isTrained: (String) -> Bool
  ) -> ParameterSet {
    var result = parameters
    var part = parameters.selecting(isTrained)
    var optimizer = AdamW(configuration: .init(), parameters: part)
    for step in 0..<3 {
      let (tape, _, output, variables) = backbone.pass(
        .random(2 * domains.count, 32, seed: 20), domains: domains, parameters: result,
        state: backbone.initialState)
      let gradients = tape.gradients(of: [
        (output.views, .random(2 * domains.count, 32, seed: 21 + UInt64(step)))
      ])
      optimizer.update(
        &part, gradients: part.parameters.compactMap { variables[$0.name] }.map(gradients.gradient),
        gradientScale: 1, learningRate: 0.05)
      result.replace(with: part)
    }
    return result
  }

  @Test(arguments: Domain.allCases)
  func trainingOneAdapterLeavesTheOthersBitForBit(domain: Domain) {
    let domains = (0..<30).map { Domain.allCases[$0 % 6] }
    let views = Matrix.random(60, 32, seed: 12)
    let before = backbone.initialParameters(seed: 13).shaken(seed: 99, deviation: 0.05)
    let after = trained(before, domains: domains) { DomainAdapter.owns($0, domain: domain) }
    let state = backbone.initialState
    let old = backbone.encode(views, domains: domains, parameters: before, state: state)
    let new = backbone.encode(views, domains: domains, parameters: after, state: state)
    for (item, own) in domains.enumerated() {
      let rows = [2 * item, 2 * item + 1]
      #expect((old.gatheringRows(rows) == new.gatheringRows(rows)) == (own != domain))
    }
  }

  @Test func anAdapterIsLessThanATwentiethOfTheWeights() {
    let parameters = Backbone(configuration: BackboneConfiguration()).initialParameters(seed: 1)
    for domain in Domain.allCases {
      let own = parameters.selecting { DomainAdapter.owns($0, domain: domain) }
      #expect(own.scalarCount > 0)
      #expect(Double(own.scalarCount) < 0.05 * Double(parameters.scalarCount))
    }
    let frozen = parameters.selecting { !DomainAdapter.owns($0) }
    let adapters = parameters.selecting { DomainAdapter.owns($0) }
    #expect(frozen.scalarCount + adapters.scalarCount == parameters.scalarCount)
  }

  @Test func anUnknownDomainIsTheDefault() {
    #expect(Domain(name: "toxicology") == .toxicology)
    #expect(Domain(name: "astrology") == .default)
  }

  @Test func aFreshAdapterIsTheIdentity() {
    let parameters = backbone.initialParameters(seed: 14)
    let views = Matrix.random(8, 32, seed: 15)
    func run(_ domain: Domain) -> Matrix {
      backbone.encode(
        views, domains: [Domain](repeating: domain, count: 4), parameters: parameters,
        state: backbone.initialState)
    }
    #expect(Domain.allCases.allSatisfy { run($0) == run(.default) })
  }
}
