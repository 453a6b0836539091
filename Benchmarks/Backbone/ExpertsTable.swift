import Foundation
import MoEBackbone
import Tensor

/// Steps of backbones that differ in the number of experts only.
struct ExpertsTable {
  /// Pairs of a batch: twice as many items, each with two views.
  let pairs: Int
  let expertWidth: Int

  /// One backbone in training.
  private struct Run {
    let backbone: Backbone
    var parameters: ParameterSet
    var optimizer: AdamW
    var state: BackboneState
    var monitors: [ExpertCapacityMonitor]
    var forward: [Double] = []
    var backward: [Double] = []
    var update: [Double] = []
    var monitoring: [Double] = []

    init(_ configuration: BackboneConfiguration) {
      backbone = Backbone(configuration: configuration)
      parameters = backbone.initialParameters(seed: 1)
      optimizer = AdamW(configuration: .init(), parameters: parameters)
      state = backbone.initialState
      monitors = (0..<configuration.blocks).map { _ in
        ExpertCapacityMonitor(experts: configuration.experts)
      }
    }

    /// One step; the loss is a fixed linear function of the output.
    mutating func step(views: Matrix, upstream: Matrix, domains: [Domain], isMeasured: Bool) {
      let tape = Tape()
      var variables: [String: Tape.Variable] = [:]
      var output: Backbone.Output?
      let forward = milliseconds {
        for parameter in parameters.parameters {
          variables[parameter.name] = tape.parameter(parameter.value)
        }
        output = backbone(
          tape.parameter(views), domains: domains, on: tape, state: state, mode: .inference
        ) { name in
          guard let variable = variables[name] else { preconditionFailure("no \(name)") }
          return variable
        }
      }
      guard let output else { return }
      var gradients: [ParameterGradient] = []
      let backward = milliseconds {
        let all = tape.gradients(of: [(output.views, upstream)])
        gradients = parameters.parameters.compactMap { variables[$0.name] }.map(all.gradient)
      }
      let update = milliseconds {
        let norm = GradientClipping.globalNorm(of: gradients)
        optimizer.update(
          &parameters, gradients: gradients,
          gradientScale: GradientClipping.scale(norm: norm, maximum: 1), learningRate: 1e-3)
        state.advance(
          output.routings.map(\.statistics), biasStep: backbone.configuration.biasStep)
      }
      let monitoring = milliseconds {
        for (index, trace) in output.routings.enumerated() { monitors[index].observe(trace) }
      }
      guard isMeasured else { return }
      self.forward.append(forward)
      self.backward.append(backward)
      self.update.append(update)
      self.monitoring.append(monitoring)
    }

    var total: [Double] { forward.indices.map { forward[$0] + backward[$0] + update[$0] } }
  }

  private func configuration(
    _ experts: Int, _ routing: BackboneConfiguration.Routing
  ) -> BackboneConfiguration {
    var configuration = BackboneConfiguration()
    configuration.experts = experts
    configuration.routing = routing
    configuration.expertWidth = expertWidth
    return configuration
  }

  private func batch(_ step: Int) -> (views: Matrix, upstream: Matrix) {
    var random = RandomSource(seed: UInt64(100 + step))
    let width = BackboneConfiguration().width
    return (
      random.normal(rows: 4 * pairs, columns: width, standardDeviation: 1),
      random.normal(rows: 4 * pairs, columns: width, standardDeviation: 1e-3)
    )
  }

  /// Steps in turns, so that a busy machine slows all alike.
  func print() {
    let shapes: [(Int, BackboneConfiguration.Routing)] = [
      (64, .keys), (64, .productKeys), (256, .productKeys), (1024, .productKeys),
      (4096, .productKeys),
    ]
    var runs = shapes.map { Run(configuration($0.0, $0.1)) }
    let domains = [Domain](repeating: .default, count: 2 * pairs)
    for round in 0..<12 {
      let (views, upstream) = batch(round)
      for index in runs.indices {
        runs[index].step(
          views: views, upstream: upstream, domains: domains, isMeasured: round >= 2)
      }
    }
    let shape = runs[0].backbone.configuration
    Swift.print(
      "\(pairs) pairs, \(4 * pairs) tokens, \(shape.blocks) blocks, d \(shape.width), "
        + "k \(shape.chosenExperts), h \(expertWidth), medians of \(runs[0].forward.count) steps")
    Swift.print(
      "    E  router         weights   forward  backward optimiser      step     ratio"
        + "  monitor  monitor %")
    let base = median(runs[0].total)
    for run in runs {
      let own = run.backbone.configuration
      let name = own.routing.rawValue
      Swift.print(
        String(repeating: " ", count: 5 - "\(own.experts)".count) + "\(own.experts)",
        " " + name + String(repeating: " ", count: 11 - name.count)
          + column(Double(run.parameters.scalarCount) / 1e6) + "M"
          + column(median(run.forward)) + column(median(run.backward))
          + column(median(run.update)) + column(median(run.total))
          + column(median(run.total) / base) + column(median(run.monitoring), 9)
          + column(100 * median(run.monitoring) / median(run.total)))
    }
  }

  /// A hash of all weights after three steps: the same on any number of cores.
  func printDigest() {
    for (experts, routing) in [(64, BackboneConfiguration.Routing.keys), (4096, .productKeys)] {
      var run = Run(configuration(experts, routing))
      let domains = (0..<2 * pairs).map { Domain.allCases[$0 % 6] }
      for step in 0..<3 {
        let (views, upstream) = batch(step)
        run.step(views: views, upstream: upstream, domains: domains, isMeasured: false)
      }
      var hash = FeatureHash(kind: 1)
      for parameter in run.parameters.parameters {
        for value in parameter.value.values { hash.combine(Int(value.bitPattern)) }
      }
      Swift.print(experts, routing.rawValue, String(hash.key, radix: 16), separator: "\t")
    }
  }
}
