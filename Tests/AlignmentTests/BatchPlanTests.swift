import Alignment
import Testing

@Suite struct BatchPlanTests {
  private let distinct = (0..<100).map { PairGroups(molecule: $0, text: $0) }

  @Test func everyPairComesOnceAnEpoch() {
    let plan = BatchPlan(groups: distinct, batchSize: 32, seed: 1, epoch: 0)
    #expect(plan.batches.map(\.count) == [32, 32, 32, 4])
    #expect(plan.batches.joined().sorted() == Array(0..<100))
  }

  @Test func planDependsOnSeedAndEpochOnly() {
    let plan = BatchPlan(groups: distinct, batchSize: 32, seed: 1, epoch: 3)
    #expect(plan.batches == BatchPlan(groups: distinct, batchSize: 32, seed: 1, epoch: 3).batches)
    #expect(plan.batches != BatchPlan(groups: distinct, batchSize: 32, seed: 1, epoch: 4).batches)
    #expect(plan.batches != BatchPlan(groups: distinct, batchSize: 32, seed: 2, epoch: 3).batches)
  }

  @Test func noBatchHoldsAMoleculeOrATextTwice() {
    let groups = (0..<200).map { PairGroups(molecule: $0 % 60, text: $0 % 45) }
    let plan = BatchPlan(groups: groups, batchSize: 40, seed: 7, epoch: 0)
    for batch in plan.batches {
      #expect(Set(batch.map { groups[$0].molecule }).count == batch.count)
      #expect(Set(batch.map { groups[$0].text }).count == batch.count)
    }
    let seen = plan.batches.joined()
    #expect(Set(seen).count == seen.count)
    #expect(seen.count > 190)
  }

  @Test func pairsThatAlwaysClashAreLeftOut() {
    let same = [PairGroups(molecule: 0, text: 0), PairGroups(molecule: 0, text: 1)]
    #expect(BatchPlan(groups: same, batchSize: 2, seed: 1, epoch: 0).batches.isEmpty)
  }

  @Test(arguments: 0..<20)
  func pairThatClashesWithAllOthersDoesNotStopThem(seed: UInt64) {
    let groups = [
      PairGroups(molecule: 0, text: 0), PairGroups(molecule: 0, text: 1),
      PairGroups(molecule: 1, text: 0),
    ]
    let plan = BatchPlan(groups: groups, batchSize: 8, seed: seed, epoch: 0)
    #expect(plan.batches.map { $0.sorted() } == [[1, 2]])
  }
}
