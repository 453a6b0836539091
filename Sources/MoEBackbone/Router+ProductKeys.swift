import Tensor

extension Router {
  /// Expert (i, j) of a square of √E × √E has the logit l¹ᵢ + l²ⱼ, one part from each codebook.
  ///
  /// Source: He 2024 (PEER), section 2.2, after Lample and others 2019. The k best pairs are exact
  /// and are found among the k best of each codebook, so that a token costs O(√E·d + k²) instead
  /// of O(E·d). Departures: the query is the normed token itself (a linear query map would fold
  /// into the keys); the gates are normalised sigmoids as elsewhere here. A selection bias for each
  /// pair would undo the search, so each *code* has one, and a code's load is the sum of its
  /// experts'. The choice is by l/τ + bias. Softmax factors into the codebooks, so the entropy
  /// and the log-sum-exp of all E logits are sums of the two parts'.
  func routeByProductKeys(
    _ x: Tape.Variable, on tape: Tape, state: BackboneState.Block,
    weights: (String) -> Tape.Variable
  ) -> Output {
    let codes = configuration.codes
    let count = configuration.chosenExperts
    let parts = (0..<2).map {
      tempered(x, key: weights("\(name).codebook.\($0)"), on: tape, state: state)
    }
    let values = parts.map(tape.value(of:))
    let ranked = values.enumerated().map { part, logits in
      logits.topColumns(
        min(codes, count),
        bias: Array(state.selectionBias[part * codes..<(part + 1) * codes]))
    }
    let chosen = Matrix.topPairs(ranked[0], ranked[1], codes: codes, count: count)
    let firsts = chosen.columns.map { $0 / Int32(codes) }
    let seconds = chosen.columns.map { $0 % Int32(codes) }
    // A row may name a code several times: once for each expert that shares it.
    let own = tape.adding(
      tape.gatheringColumns(parts[0], firsts, count: count),
      tape.gatheringColumns(parts[1], seconds, count: count))
    let dispatch = ExpertDispatch(
      choices: chosen.columns, choicesPerToken: count, expertCount: configuration.experts)
    var loads = [Int](repeating: 0, count: 2 * codes)
    for expert in 0..<configuration.experts {
      loads[expert / codes] += dispatch.load(of: expert)
      loads[codes + expert % codes] += dispatch.load(of: expert)
    }
    let entropies = zip(values[0].softmaxEntropyOfRows(), values[1].softmaxEntropyOfRows()).map(+)
    return Output(
      gates: gates(own, on: tape),
      zLoss: zLoss(on: tape) {
        tape.adding(tape.logSumExp(parts[0]), tape.logSumExp(parts[1]))
      },
      trace: RoutingTrace(
        hidden: tape.value(of: x), dispatch: dispatch,
        statistics: RoutingStatistics(
          loads: loads, entropies: entropies, experts: configuration.experts)))
  }
}
