import Foundation
import MoEBackbone
import Testing

struct EntropyControllerTests {
  /// Entropy of a softmax over normal logits of deviation `spread`, as log τ moves.
  private func entropy(spread: Double, temperature: Double) -> Double {
    max(0, 1 - 0.12 * pow(spread / temperature, 2) / (1 + 0.1 * pow(spread / temperature, 2)))
  }

  @Test(arguments: [0.1, 1, 4, 30])
  func entersTheBandAndStays(spread: Double) {
    var controller = EntropyController(configuration: .init())
    var firstInside: Int?
    for step in 0..<400 {
      let now = entropy(spread: spread, temperature: Double(controller.temperature))
      controller.observe(entropy: now)
      if (0.65...0.75).contains(now) { firstInside = firstInside ?? step }
      if let firstInside, step > firstInside + 5 { #expect((0.65...0.75).contains(now)) }
    }
    #expect(firstInside != nil)
    #expect(controller.isInBand)
  }

  @Test func restsInsideTheInnerHalfOfTheBand() {
    var controller = EntropyController(configuration: .init())
    for _ in 0..<10 { controller.observe(entropy: 0.71) }
    #expect(controller.temperature == 1)
  }

  @Test func isBoundedAndPassesOverWhatIsNoNumber() {
    var configuration = EntropyController.Configuration()
    configuration.highestTemperature = 2
    var controller = EntropyController(configuration: configuration)
    for _ in 0..<100 { controller.observe(entropy: 0.1) }
    #expect(abs(controller.temperature - 2) < 1e-6)
    let before = controller
    controller.observe(entropy: .nan)
    #expect(controller == before)
  }

  @Test func savedStateContinuesIdentically() throws {
    var controller = EntropyController(configuration: .init())
    for step in 0..<7 { controller.observe(entropy: 0.9 - 0.013 * Double(step)) }
    var restored = try JSONDecoder().decode(
      EntropyController.self, from: JSONEncoder().encode(controller))
    #expect(restored == controller)
    controller.observe(entropy: 0.83)
    restored.observe(entropy: 0.83)
    #expect(restored == controller)
  }
}
