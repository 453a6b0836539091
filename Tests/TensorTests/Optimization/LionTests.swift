import Foundation
import Tensor
import Testing

/// The run of scripts/golden/tensor_lion.py.
struct LionGoldenTests {
  @Test func twentyStepsMatchNumPy() {
    let start = (0..<6).map { 1 - Float($0) / 4 }
    var parameters = ParameterSet([
      .init(name: "decayed", value: Matrix(rows: 2, columns: 3, values: start), decays: true),
      .init(name: "plain", value: Matrix(rows: 1, columns: 6, values: start), decays: false),
    ])
    var optimizer = Lion(configuration: Lion.Configuration(), parameters: parameters)
    for step in 0..<20 {
      let values = (0..<6).map { index in
        Float(cos(0.7 * Double(step + 1) + 1.3 * Double(index)) / (1 + Double(index)))
      }
      optimizer.update(
        &parameters,
        gradients: [
          .dense(Matrix(rows: 2, columns: 3, values: values)),
          .dense(Matrix(rows: 1, columns: 6, values: values)),
        ], gradientScale: 1, learningRate: 0.01)
    }
    for (name, golden) in [("decayed", LionGolden.decayed), ("plain", LionGolden.plain)] {
      let found = parameters[name].values
      #expect(zip(golden, found).allSatisfy { abs($0 - Double($1)) < 2e-6 })
    }
  }
}

struct LionTests {
  @Test func aStepIsTheSignAndZeroStays() {
    var parameters = ParameterSet([
      .init(name: "w", value: Matrix(rows: 1, columns: 3, values: [1, 1, 1]), decays: false)
    ])
    var optimizer = Lion(configuration: Lion.Configuration(), parameters: parameters)
    optimizer.update(
      &parameters, gradients: [.dense(Matrix(rows: 1, columns: 3, values: [5, -0.001, 0]))],
      gradientScale: 1, learningRate: 0.25)
    #expect(parameters["w"].values == [0.75, 1.25, 1])
  }

  @Test func largeMatricesAreDoneToTheLastValue() {
    let count = 65_536 * 2 + 7
    var parameters = ParameterSet([
      .init(name: "w", value: Matrix(rows: 1, columns: count), decays: false)
    ])
    var optimizer = Lion(configuration: Lion.Configuration(), parameters: parameters)
    optimizer.update(
      &parameters, gradients: [.dense(Matrix(rows: 1, columns: count, repeating: -2))],
      gradientScale: 1, learningRate: 0.5)
    #expect(parameters["w"].values.allSatisfy { $0 == 0.5 })
  }
}
