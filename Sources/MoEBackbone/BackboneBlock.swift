import Tensor

/// One block: x + mixing(x), then y = x + shared(n) + routed(n) with n = LayerNorm(x), then the
/// domain's adapter.
///
/// Shared experts and fine-grained routed ones: Dai and others 2024 (DeepSeekMoE), equation 9.
/// Shared experts are one dense layer, which is what s of them side by side are.
struct BackboneBlock: Sendable {
  let configuration: BackboneConfiguration
  let name: String
  let router: Router
  private let mixing: ViewMixing?
  private let adapters: [DomainAdapter]

  init(configuration: BackboneConfiguration, name: String) {
    self.configuration = configuration
    self.name = name
    router = Router(configuration: configuration, name: name + ".router")
    mixing =
      configuration.mixingWidth > 0
      ? ViewMixing(
        configuration: configuration, name: name + ".mixing", outputGain: Self.outputGain) : nil
    adapters = Domain.allCases.map {
      DomainAdapter(domain: $0, configuration: configuration, block: name)
    }
  }

  struct Output {
    let views: Tape.Variable
    let zLoss: Tape.Variable?
    let routing: RoutingTrace
  }

  /// How much smaller than usual the output weights of experts start.
  private static let outputGain: Float = 0.02

  private var sharedUnits: Int { configuration.sharedExperts * configuration.sharedExpertWidth }

  var parameterShapes: [ParameterShape] {
    let (width, units) = (configuration.width, configuration.expertWidth)
    let bankRows = configuration.experts * units
    var shapes = mixing?.parameterShapes ?? []
    shapes += [
      .vector(name + ".norm.gain", width: width, value: 1),
      .vector(name + ".norm.bias", width: width),
    ]
    shapes += router.parameterShapes
    shapes += [
      .weight(name + ".experts.input", output: bankRows, input: width),
      // Row j of an expert is what its unit j puts out: fan-in is h, not the row's length.
      ParameterShape(
        name: name + ".experts.output", rows: bankRows, columns: width, decays: true,
        start: .spread(Self.outputGain / Float(units).squareRoot())),
    ]
    if sharedUnits > 0 {
      shapes += [
        .weight(name + ".shared.input.weight", output: sharedUnits, input: width),
        .vector(name + ".shared.input.bias", width: sharedUnits),
        .weight(
          name + ".shared.output.weight", output: width, input: sharedUnits,
          factor: Self.outputGain),
      ]
    }
    return shapes + adapters.flatMap(\.parameterShapes)
  }

  /// Dropout has the sites `site` and `site + 1`.
  func forward(
    _ x: Tape.Variable, rows: DomainRows, on tape: Tape, state: BackboneState.Block,
    mode: LayerMode, site: Int, weights: (String) -> Tape.Variable
  ) -> Output {
    var x = x
    if let mixing {
      let update = mixing.update(x, on: tape, weights: weights)
      x = tape.adding(x, tape.dropout(update, mode: mode, site: site))
    }
    let normed = tape.layerNorm(
      x, gain: weights(name + ".norm.gain"), bias: weights(name + ".norm.bias"))
    let routing = router.route(normed, on: tape, state: state, weights: weights)
    var update = tape.experts(
      normed, gates: routing.gates, input: weights(name + ".experts.input"),
      output: weights(name + ".experts.output"), dispatch: routing.trace.dispatch)
    if sharedUnits > 0 {
      let inner = tape.gelu(
        tape.linear(
          normed, weight: weights(name + ".shared.input.weight"),
          bias: weights(name + ".shared.input.bias")))
      update = tape.adding(
        update, tape.linear(inner, weight: weights(name + ".shared.output.weight")))
    }
    var y = tape.adding(x, tape.dropout(update, mode: mode, site: site + 1))
    for adapter in adapters {
      guard let own = rows.rows(of: adapter.domain) else { continue }
      y = adapter.forward(y, rows: own, on: tape, weights: weights)
    }
    return Output(views: y, zLoss: routing.zLoss, routing: routing.trace)
  }
}
