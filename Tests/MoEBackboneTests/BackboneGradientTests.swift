import Foundation
import MoEBackbone
import Tensor
import Testing

struct BackboneGradientTests {
  private static func configuration(
    _ routing: BackboneConfiguration.Routing
  ) -> BackboneConfiguration {
    var configuration = BackboneConfiguration()
    configuration.width = 5
    configuration.views = 2
    configuration.blocks = 2
    configuration.experts = 9
    configuration.expertWidth = 2
    configuration.chosenExperts = 3
    configuration.sharedExperts = 1
    configuration.sharedExpertWidth = 3
    configuration.adapterWidth = 2
    configuration.mixingWidth = 3
    configuration.routing = routing
    configuration.zLossWeight = 0.03
    return configuration
  }

  /// Value and every gradient of two blocks against doubles and their central differences.
  @Test(arguments: [BackboneConfiguration.Routing.keys, .productKeys])
  func backbone(routing: BackboneConfiguration.Routing) {
    let configuration = Self.configuration(routing)
    let backbone = Backbone(configuration: configuration)
    let parameters = backbone.initialParameters(seed: 3).shaken(seed: 50)
    let domains: [Domain] = [.chemistry, .default, .chemistry]
    let views = Matrix.random(6, 5, seed: 4)
    // A state that has moved: biases and temperatures differ from their start.
    var state = backbone.initialState
    for _ in 0..<3 {
      let before = backbone.pass(views, domains: domains, parameters: parameters, state: state)
      state.advance(before.output.routings.map(\.statistics), biasStep: 0.05)
    }
    let (tape, input, output, variables) = backbone.pass(
      views, domains: domains, parameters: parameters, state: state)
    let reference = ReferenceBackbone(
      configuration: configuration, state: state, domains: domains,
      choices: output.routings.map { trace in
        (0..<6).map { token in
          (0..<9).filter { trace.dispatch.tokens(of: $0).contains(token) }
        }
      })

    var weights: [String: Rows] = [:]
    for parameter in parameters.parameters { weights[parameter.name] = parameter.value.doubles }
    let expected = reference.run(views.doubles, weights)
    let found = tape.value(of: output.views)
    for row in 0..<6 {
      for column in 0..<5 {
        #expect(abs(expected.views[row][column] - Double(found[row, column])) < 2e-5)
      }
    }
    guard let penalty = output.penalty else {
      Issue.record("a z-loss expected")
      return
    }
    #expect(abs(Double(tape.value(of: penalty)[0, 0]) - expected.penalty) < 1e-5)

    let upstream = Matrix.random(6, 5, seed: 5)
    let gradients = tape.gradients(of: [
      (output.views, upstream), (penalty, Matrix(rows: 1, columns: 1, repeating: 1)),
    ])
    func loss(_ views: Rows, _ weights: [String: Rows]) -> Double {
      let result = reference.run(views, weights)
      var sum = result.penalty
      for row in 0..<6 {
        for column in 0..<5 { sum += Double(upstream[row, column]) * result.views[row][column] }
      }
      return sum
    }
    func compare(_ name: String, _ gradient: Matrix, _ moved: (Int, Int, Double) -> Double) {
      var numeric: [Double] = []
      for row in 0..<gradient.rows {
        for column in 0..<gradient.columns {
          numeric.append((moved(row, column, 1e-5) - moved(row, column, -1e-5)) / 2e-5)
        }
      }
      let scale = max(1e-2, numeric.map(abs).max() ?? 0)
      let worst = zip(numeric, gradient.values).map { abs($0 - Double($1)) / scale }.max() ?? 0
      #expect(worst < 5e-5, "gradient of \(name)")
    }
    for (name, variable) in variables {
      compare(name, gradients[variable]) { row, column, step in
        var changed = weights
        changed[name]?[row][column] += step
        return loss(views.doubles, changed)
      }
    }
    compare("views", gradients[input]) { row, column, step in
      var changed = views.doubles
      changed[row][column] += step
      return loss(changed, weights)
    }
  }
}
