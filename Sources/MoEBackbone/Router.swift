package import Tensor

/// What one router did with a batch of tokens.
package struct RoutingTrace: Sendable {
  /// What the router read; [T, d].
  package let hidden: Matrix
  /// Which tokens went where.
  package let dispatch: ExpertDispatch
  /// Loads and entropy, for the next step's state.
  package let statistics: RoutingStatistics
}

/// Chooses k experts for each token.
///
/// Affinities are sigmoids and the gates are the chosen affinities divided by their sum (DeepSeek-V3
/// technical report 2024, equations 12–15). A bias balances the loads; it takes part in the choice
/// and in nothing else (Wang and others 2024, "Auxiliary-loss-free load balancing", equation 3).
/// Logits are divided by a temperature τ that the entropy controller moves: a = σ(l/τ). With k = 1
/// the gate is always 1, so the router learns nothing; use k ≥ 2.
struct Router: Sendable {
  let configuration: BackboneConfiguration
  let name: String

  struct Output {
    /// [T, k].
    let gates: Tape.Variable
    let zLoss: Tape.Variable?
    let trace: RoutingTrace
  }

  var parameterShapes: [ParameterShape] {
    switch configuration.routing {
    case .keys:
      [.weight(name + ".weight", output: configuration.experts, input: configuration.width)]
    case .productKeys:
      (0..<2).map {
        .weight(
          "\(name).codebook.\($0)", output: configuration.codes, input: configuration.width)
      }
    }
  }

  func route(
    _ x: Tape.Variable, on tape: Tape, state: BackboneState.Block,
    weights: (String) -> Tape.Variable
  ) -> Output {
    switch configuration.routing {
    case .keys: routeByKeys(x, on: tape, state: state, weights: weights)
    case .productKeys: routeByProductKeys(x, on: tape, state: state, weights: weights)
    }
  }

  private func routeByKeys(
    _ x: Tape.Variable, on tape: Tape, state: BackboneState.Block,
    weights: (String) -> Tape.Variable
  ) -> Output {
    let logits = tempered(x, key: weights(name + ".weight"), on: tape, state: state)
    let values = tape.value(of: logits)
    let chosen = values.sigmoid().topColumns(
      configuration.chosenExperts, bias: state.selectionBias)
    let dispatch = ExpertDispatch(
      choices: chosen.columns, choicesPerToken: chosen.count,
      expertCount: configuration.experts)
    let own = tape.gatheringColumns(logits, chosen.columns, count: chosen.count)
    let statistics = RoutingStatistics(
      loads: (0..<configuration.experts).map(dispatch.load(of:)),
      entropies: values.softmaxEntropyOfRows(), experts: configuration.experts)
    return Output(
      gates: gates(own, on: tape),
      zLoss: zLoss(on: tape) { tape.logSumExp(logits) },
      trace: RoutingTrace(
        hidden: tape.value(of: x), dispatch: dispatch, statistics: statistics))
  }

  /// x·Kᵀ / τ.
  func tempered(
    _ x: Tape.Variable, key: Tape.Variable, on tape: Tape, state: BackboneState.Block
  ) -> Tape.Variable {
    tape.scaling(tape.linear(x, weight: key), by: 1 / state.controller.temperature)
  }

  /// σ of the chosen logits [T, k], each row divided by its sum.
  func gates(_ logits: Tape.Variable, on tape: Tape) -> Tape.Variable {
    tape.dividingRowsBySum(tape.sigmoid(logits))
  }

  /// Mean of (log Σ exp logits)² over tokens (Zoph and others 2022, ST-MoE, equation 5).
  func zLoss(on tape: Tape, _ logSums: () -> Tape.Variable) -> Tape.Variable? {
    configuration.zLossWeight > 0 ? tape.meanOfSquares(logSums()) : nil
  }
}
