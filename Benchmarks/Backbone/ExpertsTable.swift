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
    var processor: [Double] = []

    init(_ configuration: BackboneConfiguration) {
      backbone = Backbone(configuration: configuration)
      parameters = backbone.initialParameters(seed: 1)
      optimizer = AdamW(configuration: .init(), parameters: parameters)
      state = backbone.initialState
      monitors = (0..<configuration.blocks).map { _ in
        ExpertCapacityMonitor(experts: configuration.experts)
      }
    }

    /// What the two passes gave; the tape, which shares the weights' storage, is gone by then.
    private struct Passes {
      let routings: [RoutingTrace]
      let gradients: [ParameterGradient]
      let forward: Double
      let backward: Double
    }

    private func passes(views: Matrix, upstream: Matrix, domains: [Domain]) -> Passes {
      let tape = Tape()
      var variables: [String: Tape.Variable] = [:]
      let clock = ContinuousClock()
      let start = clock.now
      for parameter in parameters.parameters {
        variables[parameter.name] = tape.parameter(parameter.value)
      }
      let output = backbone(
        tape.parameter(views), domains: domains, on: tape, state: state, mode: .inference
      ) { name in
        guard let variable = variables[name] else { preconditionFailure("no \(name)") }
        return variable
      }
      let middle = clock.now
      let all = tape.gradients(of: [(output.views, upstream)])
      let gradients = parameters.parameters.compactMap { variables[$0.name] }.map(all.gradient)
      let end = clock.now
      return Passes(
        routings: output.routings, gradients: gradients,
        forward: (middle - start) / .milliseconds(1), backward: (end - middle) / .milliseconds(1))
    }

    /// One step; the loss is a fixed linear function of the output.
    mutating func step(views: Matrix, upstream: Matrix, domains: [Domain], isMeasured: Bool) {
      let start = processorMilliseconds
      let passes = passes(views: views, upstream: upstream, domains: domains)
      let update = milliseconds {
        let norm = GradientClipping.globalNorm(of: passes.gradients)
        optimizer.update(
          &parameters, gradients: passes.gradients,
          gradientScale: GradientClipping.scale(norm: norm, maximum: 1), learningRate: 1e-3)
        state.advance(
          passes.routings.map(\.statistics), biasStep: backbone.configuration.biasStep)
      }
      let processor = processorMilliseconds - start
      let monitoring = milliseconds {
        for (index, trace) in passes.routings.enumerated() { monitors[index].observe(trace) }
      }
      guard isMeasured else { return }
      forward.append(passes.forward)
      backward.append(passes.backward)
      self.update.append(update)
      self.monitoring.append(monitoring)
      self.processor.append(processor)
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

  /// Steps in turns, so that a busy machine slows all alike; processor time (all cores) beside
  /// wall time tells what it did.
  func print(only experts: Int? = nil) {
    let shapes: [(Int, BackboneConfiguration.Routing)] = [
      (64, .keys), (64, .productKeys), (256, .productKeys), (1024, .productKeys),
      (4096, .productKeys),
    ].filter { experts == nil || $0.0 == experts }
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
        + "  cpu step cpu ratio  monitor monitor %")
    let base = (wall: median(runs[0].total), cpu: median(runs[0].processor))
    for run in runs {
      let own = run.backbone.configuration
      let name = own.routing.rawValue
      Swift.print(
        String(repeating: " ", count: 5 - "\(own.experts)".count) + "\(own.experts)",
        " " + name + String(repeating: " ", count: 11 - name.count)
          + column(Double(run.parameters.scalarCount) / 1e6) + "M"
          + column(median(run.forward)) + column(median(run.backward))
          + column(median(run.update)) + column(median(run.total))
          + column(median(run.total) / base.wall) + column(median(run.processor))
          + column(median(run.processor) / base.cpu) + column(median(run.monitoring), 9)
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
