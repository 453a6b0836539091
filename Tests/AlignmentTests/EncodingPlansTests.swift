import MoEBackbone
import Synchronization
import Tensor
import Testing

@testable import Alignment

@Suite struct EncodingPlansTests {
  private let network: AlignmentNetwork
  private let weights: NetworkWeights

  init() throws {
    let small = try SmallRun()
    small.remove()
    network = AlignmentNetwork(
      configuration: small.configuration, widths: .init(molecule: 37, text: 21))
    weights = NetworkWeights(
      parameters: ParameterSet(network.parameterShapes, seed: 5), state: nil)
  }

  private func plans() -> EncodingPlans {
    EncodingPlans { [network, weights] in
      EncodingPlan(tower: network.towerPlan($0, weights: weights))
    }
  }

  private func views(_ rows: Int, seed: UInt64) -> Matrix {
    var random = RandomSource(seed: seed)
    return random.normal(rows: rows, columns: 21, standardDeviation: 1)
  }

  private func overATape(_ views: Matrix) -> Matrix {
    let tape = Tape()
    let pass = network.texts(
      TextInputs(views: views, domains: .init(repeating: .default, count: views.rows)), on: tape,
      mode: .inference, state: nil, terms: { _, _ in preconditionFailure("no knowledge") },
      weights: weights.constants(on: tape))
    return tape.value(of: pass.vectors)
  }

  @Test func aPlanGivesTheBitsOfATape() {
    var plan = network.towerPlan(.text, weights: weights)
    // Growing, shrinking, and on both sides of the kernel of few rows.
    for rows in [1, 7, 32, 33, 200, 5, 1, 64] {
      let x = views(rows, seed: UInt64(rows))
      #expect(plan.unitVectors(of: x) == overATape(x), "\(rows) rows")
    }
  }

  @Test func blocksJoinToTheWhole() {
    let x = views(2_100, seed: 9)
    let inputs = TextInputs(views: x, domains: .init(repeating: .default, count: 2_100))
    let encoded = network.encode(inputs, weights: weights, terms: nil)
    #expect(encoded.rows == 2_100)
    var plan = network.towerPlan(.text, weights: weights)
    #expect(
      encoded.gatheringRows(Array(1_024..<2_048))
        == plan.unitVectors(of: x.gatheringRows(Array(1_024..<2_048))))
  }

  @Test func aBucketHasOnePlanForBatchesInTurn() {
    let plans = plans()
    for items in [3, 4, 3] { plans.withPlan(.text, items: items) { _ in } }
    #expect(plans.made == 1)
    for items in [1, 2, 5, 1_024] { plans.withPlan(.text, items: items) { _ in } }
    #expect(plans.made == 5)
    plans.withPlan(.molecule, items: 4) { _ in }
    #expect(plans.made == 6)
  }

  @Test func batchesBesideEachOtherHaveTheirOwn() {
    let plans = plans()
    plans.withPlan(.text, items: 4) { _ in
      plans.withPlan(.text, items: 4) { _ in plans.withPlan(.text, items: 3) { _ in } }
    }
    #expect(plans.made == 3)
    let wrong = Mutex(0)
    Parallel.forEach(200) { index in
      let x = views(1 + index % 4, seed: UInt64(index % 8))
      let expected = overATape(x)
      plans.withPlan(.text, items: x.rows) { plan in
        if plan.tower.unitVectors(of: x) != expected { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func anEmptyBatchTraps() async {
    await #expect(processExitsWith: .failure) {
      try EncodingPlansTests().plans().withPlan(.text, items: 0) { _ in }
    }
  }

  @Test func aBatchPastTheBoundTraps() async {
    await #expect(processExitsWith: .failure) {
      try EncodingPlansTests().plans().withPlan(.text, items: EncodingPlans.batchItems + 1) { _ in }
    }
  }
}
