import Foundation
import MoEBackbone
import Tensor

typealias Rows = [[Double]]

/// The backbone in doubles, token by token, with the choice of experts given.
struct ReferenceBackbone {
  let configuration: BackboneConfiguration
  let state: BackboneState
  let domains: [Domain]
  /// The experts of each token, for each block.
  let choices: [[[Int]]]

  /// The views after all blocks, and the weighted z-losses.
  func run(_ views: Rows, _ weights: [String: Rows]) -> (views: Rows, penalty: Double) {
    func weight(_ name: String) -> Rows { weights[name] ?? [] }
    var x = views
    var penalty = 0.0
    for block in 0..<configuration.blocks {
      let name = "backbone.\(block)"
      let temperature = Double(state.blocks[block].controller.temperature)
      if configuration.mixingWidth > 0 { mix(&x, name + ".mixing", weights) }
      let normed = x.map {
        Self.layerNorm($0, weight(name + ".norm.gain")[0], weight(name + ".norm.bias")[0])
      }
      for token in x.indices {
        let logits = self.logits(normed[token], name, weights).map { $0 / temperature }
        penalty +=
          Double(configuration.zLossWeight) * pow(log(logits.reduce(0) { $0 + exp($1) }), 2)
          / Double(x.count)
        let own = choices[block][token]
        let affinities = own.map { 1 / (1 + exp(-logits[$0])) }
        let total = affinities.reduce(0, +)
        var update = [Double](repeating: 0, count: configuration.width)
        for (expert, affinity) in zip(own, affinities) {
          for unit in expert * configuration.expertWidth..<(expert + 1) * configuration.expertWidth
          {
            let inner = Self.gelu(Self.dot(normed[token], weight(name + ".experts.input")[unit]))
            for column in update.indices {
              update[column] +=
                affinity / total * inner * weight(name + ".experts.output")[unit][column]
            }
          }
        }
        let inner = Self.linear(
          normed[token], weight(name + ".shared.input.weight"),
          weight(name + ".shared.input.bias")[0]
        ).map(Self.gelu)
        let shared = weight(name + ".shared.output.weight").map { Self.dot($0, inner) }
        x[token] = zip(zip(x[token], update).map(+), shared).map(+)

        let adapter = name + ".adapter.\(domains[token / configuration.views].rawValue)"
        let down = Self.linear(
          x[token], weight(adapter + ".down.weight"), weight(adapter + ".down.bias")[0]
        ).map(Self.gelu)
        let up = Self.linear(down, weight(adapter + ".up.weight"), weight(adapter + ".up.bias")[0])
        x[token] = zip(x[token], up).map(+)
      }
    }
    return (x, penalty)
  }

  private func mix(_ x: inout Rows, _ name: String, _ weights: [String: Rows]) {
    func weight(_ part: String) -> Rows { weights[name + part] ?? [] }
    for item in 0..<x.count / configuration.views {
      let tokens = item * configuration.views..<(item + 1) * configuration.views
      let normed = x[tokens].flatMap {
        Self.layerNorm($0, weight(".norm.gain")[0], weight(".norm.bias")[0])
      }
      let inner = Self.linear(normed, weight(".input.weight"), weight(".input.bias")[0])
        .map(Self.gelu)
      let update = weight(".output.weight").map { Self.dot($0, inner) }
      for (place, value) in update.enumerated() {
        x[tokens.lowerBound + place / configuration.width][place % configuration.width] += value
      }
    }
  }

  private func logits(_ x: [Double], _ block: String, _ weights: [String: Rows]) -> [Double] {
    switch configuration.routing {
    case .keys: return (weights[block + ".router.weight"] ?? []).map { Self.dot($0, x) }
    case .productKeys:
      let parts = (0..<2).map { part in
        (weights["\(block).router.codebook.\(part)"] ?? []).map { Self.dot($0, x) }
      }
      return parts[0].flatMap { first in parts[1].map { first + $0 } }
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func linear(_ x: [Double], _ weight: Rows, _ bias: [Double]) -> [Double] {
    zip(weight, bias).map { dot(x, $0) + $1 }
  }

  private static func gelu(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  private static func layerNorm(_ x: [Double], _ gain: [Double], _ bias: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.indices.map { (x[$0] - mean) / (variance + 1e-5).squareRoot() * gain[$0] + bias[$0] }
  }
}

extension Matrix {
  /// Normal values of a seed.
  static func random(_ rows: Int, _ columns: Int, seed: UInt64, deviation: Float = 1) -> Matrix {
    var source = RandomSource(seed: seed)
    return source.normal(rows: rows, columns: columns, standardDeviation: deviation)
  }

  var doubles: Rows { (0..<rows).map { row($0).map(Double.init) } }
}

extension Backbone {
  /// One pass with all weights as parameters, and the variables by name.
  func pass(
    _ views: Matrix, domains: [Domain], parameters: ParameterSet, state: BackboneState,
    mode: LayerMode = .inference
  ) -> (tape: Tape, input: Tape.Variable, output: Output, variables: [String: Tape.Variable]) {
    let tape = Tape()
    var variables: [String: Tape.Variable] = [:]
    for parameter in parameters.parameters {
      variables[parameter.name] = tape.parameter(parameter.value)
    }
    let input = tape.parameter(views)
    let output = self(input, domains: domains, on: tape, state: state, mode: mode) { name in
      guard let variable = variables[name] else { preconditionFailure("no parameter \(name)") }
      return variable
    }
    return (tape, input, output, variables)
  }

  /// The views after an inference pass.
  func encode(
    _ views: Matrix, domains: [Domain], parameters: ParameterSet, state: BackboneState
  ) -> Matrix {
    let (tape, _, output, _) = pass(views, domains: domains, parameters: parameters, state: state)
    return tape.value(of: output.views)
  }
}

extension ParameterSet {
  /// Every weight moved by normal noise, so that nothing is zero.
  func shaken(seed: UInt64, deviation: Float = 0.3) -> ParameterSet {
    var result = self
    for index in result.parameters.indices {
      let value = result.parameters[index].value
      result.parameters[index].value.add(
        .random(value.rows, value.columns, seed: seed + UInt64(index), deviation: deviation))
    }
    return result
  }
}
