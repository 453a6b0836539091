import Foundation
import MoEBackbone
import Tensor
import Testing

struct ExpertCapacityTests {
  /// Four tokens of width 4: all energy in one coordinate, in two, in four, and none.
  private let hidden = Matrix(
    rows: 4, columns: 4, values: [3, 0, 0, 0, 1, -1, 0, 0, 2, 2, -2, 2, 0, 0, 0, 0])

  private func counted() -> ExpertCapacitySnapshot {
    var monitor = ExpertCapacityMonitor(experts: 5)
    monitor.observe(
      hidden: hidden,
      dispatch: ExpertDispatch(
        choices: [0, 1, 0, 2, 0, 1, 3, 1], choicesPerToken: 2, expertCount: 5))
    return monitor.snapshot
  }

  @Test func tokensFallIntoTheSlotOfTheirEntropy() {
    let snapshot = counted()
    // Entropies 0, ½, 1, 0: slots 0, ⌊0.5 / 0.7 · 255⌋ = 182, 255 (clamped), 0.
    #expect(snapshot[0, 0] == 1)
    #expect(snapshot[0, 182] == 1)
    #expect(snapshot[0, 255] == 1)
    #expect(snapshot[1, 0] == 2)
    #expect(snapshot[1, 255] == 1)
    #expect(snapshot[2, 182] == 1)
    #expect(snapshot[3, 0] == 1)
    #expect(snapshot.counts.reduce(0, +) == 8)
    #expect(snapshot.tokens == 4)
  }

  @Test func neighbouringSlotsAreJoined() {
    let grouped = counted().grouped(slots: 4)
    #expect(grouped == [[1, 0, 1, 1], [2, 0, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
    #expect(counted().grouped(slots: 256).flatMap(\.self) == counted().counts)
  }

  @Test func loadsViolationsAndDeadExperts() {
    let snapshot = counted()
    #expect(snapshot.loads == [3, 3, 1, 1, 0])
    #expect(abs(snapshot.utilization.reduce(0, +) - 1) < 1e-12)
    #expect(abs(snapshot.maximumViolation - (3 / 1.6 - 1)) < 1e-12)
    #expect(abs(snapshot.meanViolation - (1.4 + 1.4 + 0.6 + 0.6 + 1.6) / 1.6 / 5) < 1e-12)
    #expect(snapshot.deadExperts == [4])
  }

  @Test func withoutTokensNothingIsViolatedAndAllAreDead() {
    let empty = ExpertCapacitySnapshot(experts: 3)
    #expect(empty.maximumViolation == 0 && empty.meanViolation == 0)
    #expect(empty.utilization == [0, 0, 0])
    #expect(empty.deadExperts == [0, 1, 2])
    #expect(!empty.svg(title: "empty").isEmpty)
  }

  @Test func mergedSnapshotsEqualOneOfAll() throws {
    var merged = counted()
    merged.merge(counted())
    var monitor = ExpertCapacityMonitor(experts: 5)
    for _ in 0..<2 {
      monitor.observe(
        hidden: hidden,
        dispatch: ExpertDispatch(
          choices: [0, 1, 0, 2, 0, 1, 3, 1], choicesPerToken: 2, expertCount: 5))
    }
    #expect(monitor.snapshot == merged)
    let restored = try JSONDecoder().decode(
      ExpertCapacitySnapshot.self, from: JSONEncoder().encode(merged))
    #expect(restored == merged)
    monitor.reset()
    #expect(monitor.snapshot == ExpertCapacitySnapshot(experts: 5))
  }

  @Test(arguments: [1, 5, 4096])
  func pictureIsWellFormed(experts: Int) throws {
    var monitor = ExpertCapacityMonitor(experts: experts)
    let tokens = 50
    monitor.observe(
      hidden: .random(tokens, 9, seed: 1),
      dispatch: ExpertDispatch(
        choices: (0..<tokens).map { Int32($0 * 83 % experts) }, choicesPerToken: 1,
        expertCount: experts))
    let svg = String(decoding: monitor.snapshot.svg(title: "block 0 <a&b>"), as: UTF8.self)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
    #expect(svg.contains("block 0 &lt;a&amp;b&gt;"))
    #expect(svg.utf8.count < 1_000_000)
    #expect(svg.contains("fill=\"rgb(253,231,37)\""))
  }

  @Test func observesATrace() {
    let backbone = Backbone(configuration: BackboneConfiguration())
    let output = backbone.pass(
      .random(2 * 8, 256, seed: 2), domains: [Domain](repeating: .default, count: 8),
      parameters: backbone.initialParameters(seed: 3), state: backbone.initialState
    ).output
    var monitor = ExpertCapacityMonitor(experts: 64)
    for trace in output.routings { monitor.observe(trace) }
    #expect(monitor.snapshot.tokens == 32)
    #expect(monitor.snapshot.loads.reduce(0, +) == 32 * 8)
  }
}
