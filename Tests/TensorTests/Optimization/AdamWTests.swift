import Foundation
import Tensor
import Testing

/// The run of scripts/golden/tensor_adamw.py.
private struct Run {
  var parameters = ParameterSet([
    .init(
      name: "decayed",
      value: Matrix(rows: 2, columns: 3, values: (0..<6).map { 1 - Float($0) / 4 }), decays: true),
    .init(
      name: "plain",
      value: Matrix(rows: 1, columns: 6, values: (0..<6).map { 1 - Float($0) / 4 }), decays: false),
  ])

  static func gradients(step: Int) -> [Matrix] {
    let values = (0..<6).map { index in
      Float(cos(0.7 * Double(step + 1) + 1.3 * Double(index)) / (1 + Double(index)))
    }
    return [
      Matrix(rows: 2, columns: 3, values: values), Matrix(rows: 1, columns: 6, values: values),
    ]
  }

  mutating func advance(_ optimizer: inout AdamW, steps: Range<Int>) {
    for step in steps {
      optimizer.update(
        &parameters, gradients: Self.gradients(step: step), gradientScale: 1, learningRate: 0.05)
    }
  }
}

struct AdamWGoldenTests {
  @Test func twentyStepsMatchNumPy() {
    var run = Run()
    var optimizer = AdamW(configuration: AdamW.Configuration(), parameters: run.parameters)
    run.advance(&optimizer, steps: 0..<20)
    #expect(optimizer.step == 20)
    for (name, golden) in [("decayed", AdamWGolden.decayed), ("plain", AdamWGolden.plain)] {
      let found = run.parameters[name].values
      #expect(zip(golden, found).allSatisfy { abs($0 - Double($1)) < 2e-6 })
    }
  }
}

struct AdamWTests {
  @Test func stepsMatchAReferenceInDouble() {
    // More than one tile, and constants other than the defaults.
    let count = 65_536 + 5
    var configuration = AdamW.Configuration()
    configuration.beta1 = 0.8
    configuration.beta2 = 0.95
    configuration.epsilon = 1e-6
    configuration.weightDecay = 0.1
    let start = Matrix.random(1, count, seed: 1)
    var parameters = ParameterSet([.init(name: "w", value: start, decays: true)])
    var optimizer = AdamW(configuration: configuration, parameters: parameters)
    let (beta1, beta2) = (Double(configuration.beta1), Double(configuration.beta2))
    let epsilon = Double(configuration.epsilon)
    let decay = Double(configuration.weightDecay)
    // Every 251st weight is followed in double precision.
    let followed = Array(stride(from: 0, to: count, by: 251)) + [count - 1]
    var weights = followed.map { Double(start.values[$0]) }
    var first = [Double](repeating: 0, count: followed.count)
    var second = first
    for step in 1...20 {
      let gradient = Matrix.random(1, count, seed: UInt64(100 + step))
      let rate = Double(Float(0.01) * Float(step))
      optimizer.update(
        &parameters, gradients: [gradient], gradientScale: 0.25, learningRate: Float(rate))
      for (place, index) in followed.enumerated() {
        let g = Double(gradient.values[index]) * 0.25
        first[place] = beta1 * first[place] + (1 - beta1) * g
        second[place] = beta2 * second[place] + (1 - beta2) * g * g
        let m = first[place] / (1 - pow(beta1, Double(step)))
        let v = second[place] / (1 - pow(beta2, Double(step)))
        weights[place] -= rate * (m / (v.squareRoot() + epsilon) + decay * weights[place])
      }
    }
    let values = parameters["w"].values
    for (place, index) in followed.enumerated() {
      #expect(abs(Double(values[index]) - weights[place]) < 5e-6)
    }
  }

  @Test func restoredMomentsContinueIdentically() {
    var whole = Run()
    var uninterrupted = AdamW(configuration: AdamW.Configuration(), parameters: whole.parameters)
    whole.advance(&uninterrupted, steps: 0..<12)

    var split = Run()
    var before = AdamW(configuration: AdamW.Configuration(), parameters: split.parameters)
    split.advance(&before, steps: 0..<5)
    var after = AdamW(
      configuration: before.configuration, step: before.step, firstMoments: before.firstMoments,
      secondMoments: before.secondMoments)
    split.advance(&after, steps: 5..<12)
    #expect(split.parameters == whole.parameters)
    #expect(after == uninterrupted)
  }

  @Test func zeroGradientMovesOnlyByDecay() {
    var parameters = ParameterSet([
      .init(name: "w", value: Matrix(rows: 1, columns: 1, values: [2]), decays: true),
      .init(name: "b", value: Matrix(rows: 1, columns: 1, values: [2]), decays: false),
    ])
    var optimizer = AdamW(configuration: AdamW.Configuration(), parameters: parameters)
    let zero = Matrix(rows: 1, columns: 1)
    optimizer.update(&parameters, gradients: [zero, zero], gradientScale: 1, learningRate: 0.5)
    #expect(abs(parameters["w"][0, 0] - 1.99) < 1e-6)
    #expect(parameters["b"][0, 0] == 2)
  }

  @Test func gradientOfAnotherSizeTraps() async {
    await #expect(processExitsWith: .failure) {
      var parameters = ParameterSet([
        .init(name: "w", value: Matrix(rows: 1, columns: 2), decays: true)
      ])
      var optimizer = AdamW(configuration: AdamW.Configuration(), parameters: parameters)
      optimizer.update(
        &parameters, gradients: [Matrix(rows: 1, columns: 3)], gradientScale: 1, learningRate: 1)
    }
  }
}
