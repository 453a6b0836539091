import Tensor
import Testing

/// Updates of the groups that a step touched, by either optimiser.
struct GroupedUpdateTests {
  /// Five groups of two rows, width 3.
  private let start = Matrix.random(10, 3, seed: 1)
  /// The groups that each step touches.
  private let touches = [[0, 3], [3], [], [1, 3, 4], [0, 1, 2, 3, 4], [4]]

  private func gradient(step: Int, groups: [Int]) -> ParameterGradient {
    let rows = groups.flatMap { [2 * $0, 2 * $0 + 1] }
    return .groups(
      GroupGradient(
        groupCount: 5, rowsPerGroup: 2, groups: groups,
        values: Matrix.random(10, 3, seed: UInt64(100 + step)).gatheringRows(rows)))
  }

  private func optimizers(_ parameters: ParameterSet) -> [Optimizer] {
    [
      .adamW(AdamW(configuration: .init(), parameters: parameters)),
      .lion(Lion(configuration: .init(), parameters: parameters)),
    ]
  }

  private func rate(_ step: Int) -> Float { 0.01 * Float(step + 1) }

  @Test func aGroupMovesAsIfItHadAnOptimizerOfItsOwn() {
    let whole = ParameterSet([.init(name: "w", value: start, decays: true)])
    for place in optimizers(whole).indices {
      var parameters = whole
      var optimizer = optimizers(whole)[place]
      for (step, groups) in touches.enumerated() {
        optimizer.update(
          &parameters, gradients: [gradient(step: step, groups: groups)], gradientScale: 0.5,
          learningRate: rate(step))
      }
      for group in 0..<5 {
        let rows = [2 * group, 2 * group + 1]
        var own = ParameterSet([
          .init(name: "w", value: start.gatheringRows(rows), decays: true)
        ])
        var alone = optimizers(own)[place]
        for (step, groups) in touches.enumerated() where groups.contains(group) {
          let part = gradient(step: step, groups: groups).dense.gatheringRows(rows)
          alone.update(
            &own, gradients: [.dense(part)], gradientScale: 0.5, learningRate: rate(step))
        }
        #expect(parameters["w"].gatheringRows(rows) == own["w"])
      }
    }
  }

  @Test func touchingEveryGroupEqualsADenseGradient() {
    let whole = ParameterSet([.init(name: "w", value: start, decays: true)])
    for place in optimizers(whole).indices {
      var (grouped, dense) = (whole, whole)
      var (first, second) = (optimizers(whole)[place], optimizers(whole)[place])
      for step in 0..<4 {
        let gradient = gradient(step: step, groups: [0, 1, 2, 3, 4])
        first.update(
          &grouped, gradients: [gradient], gradientScale: 1, learningRate: rate(step))
        second.update(
          &dense, gradients: [.dense(gradient.dense)], gradientScale: 1, learningRate: rate(step))
      }
      #expect(grouped == dense)
    }
  }

  @Test func savedStepCountsContinueIdentically() {
    var parameters = ParameterSet([.init(name: "w", value: start, decays: true)])
    var optimizer = AdamW(configuration: .init(), parameters: parameters)
    for step in 0..<3 {
      optimizer.update(
        &parameters, gradients: [gradient(step: step, groups: touches[step])], gradientScale: 1,
        learningRate: rate(step))
    }
    var restored = AdamW(
      configuration: optimizer.configuration, step: optimizer.step,
      firstMoments: optimizer.firstMoments, secondMoments: optimizer.secondMoments,
      groupSteps: optimizer.groupSteps)
    #expect(restored.groupSteps == [[1, 0, 0, 2, 0]])
    var copy = parameters
    for step in 3..<6 {
      let gradients = [gradient(step: step, groups: touches[step])]
      optimizer.update(
        &parameters, gradients: gradients, gradientScale: 1, learningRate: rate(step))
      restored.update(&copy, gradients: gradients, gradientScale: 1, learningRate: rate(step))
    }
    #expect(copy == parameters)
    #expect(restored == optimizer)
  }

  @Test func sumsHaveTheGroupsOfBoth() {
    var sum = gradient(step: 0, groups: [0, 3])
    let other = gradient(step: 1, groups: [1, 3, 4])
    var expected = sum.dense
    expected.add(other.dense)
    sum.add(other)
    #expect(sum.dense == expected)
    guard case .groups(let groups) = sum else {
      Issue.record("a gradient in groups expected")
      return
    }
    #expect(groups.groups == [0, 1, 3, 4])
    sum.add(.dense(expected))
    expected.add(expected)
    #expect(sum == .dense(expected))
  }

  @Test func aFilterOnNamesSelectsAndReplaces() {
    var all = ParameterSet([
      .init(name: "a.w", value: start, decays: true),
      .init(name: "b.w", value: start, decays: true),
    ])
    var part = all.selecting { $0.hasPrefix("b.") }
    #expect(part.parameters.map(\.name) == ["b.w"])
    part.parameters[0].value[0, 0] = 42
    all.replace(with: part)
    #expect(all["b.w"][0, 0] == 42)
    #expect(all["a.w"] == start)
  }
}
