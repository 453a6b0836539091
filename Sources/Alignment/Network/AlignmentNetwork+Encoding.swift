import Knowledge
import MoEBackbone
import Molecule
import Tensor
import TextEncoder

/// Encoding without gradients, in blocks of items, so that memory does not grow with their number
/// beyond the result.
extension AlignmentNetwork {
  private static let blockItems = 1024

  /// Unit vectors of molecules; [count, output].
  func encode(_ molecules: MoleculeInputs, weights: NetworkWeights) -> Matrix {
    var tower = towerPlan(.molecule, weights: weights)
    return blocks(molecules, count: molecules.count, molecules.gathering) { inputs in
      encodeBlock(inputs, weights: weights, tower: &tower)
    }
  }

  /// Unit vectors of texts; [count, output].
  ///
  /// `terms` [graph terms, knowledge width] are the embeddings of all terms, or nil without
  /// knowledge; see ``termVectors(of:weights:)``.
  func encode(_ texts: TextInputs, weights: NetworkWeights, terms: Matrix?) -> Matrix {
    var tower = towerPlan(.text, weights: weights)
    return blocks(texts, count: texts.count, texts.gathering) { inputs in
      encodeBlock(inputs, weights: weights, terms: terms, tower: &tower)
    }
  }

  /// The way through the tower of a modality under the given weights.
  func towerPlan(_ modality: Modality, weights: NetworkWeights) -> TowerPlan {
    TowerPlan(Tower(modality: modality), parameters: weights.parameters)
  }

  /// Unit vectors of the molecules of one block; [count, output].
  ///
  /// `tower` is a plan of the same weights; `observe` is called with what the routers did. A network
  /// with tokens goes over a tape.
  func encodeBlock(
    _ inputs: MoleculeInputs, weights: NetworkWeights, tower: inout TowerPlan,
    observe: ([RoutingTrace]) -> Void = { _ in }
  ) -> Matrix {
    guard hasTokens else { return tower.unitVectors(of: inputs.views) }
    let tape = Tape()
    let pass = molecules(
      inputs, graphViews: graph?.encode(inputs.graphs, parameters: weights.parameters), on: tape,
      mode: .inference, state: weights.state, weights: weights.constants(on: tape))
    observe(pass.routings)
    return tape.value(of: pass.vectors)
  }

  /// Unit vectors of the texts of one block; [count, output].
  ///
  /// As for molecules.
  func encodeBlock(
    _ inputs: TextInputs, weights: NetworkWeights, terms: Matrix?, tower: inout TowerPlan,
    observe: ([RoutingTrace]) -> Void = { _ in }
  ) -> Matrix {
    guard hasTokens else { return tower.unitVectors(of: inputs.views) }
    let tape = Tape()
    let pass = texts(
      inputs, sequenceViews: sequence?.encode(inputs.sequences, parameters: weights.parameters),
      on: tape, mode: .inference, state: weights.state,
      terms: { linked, tape in
        guard let terms else { preconditionFailure("texts are linked without knowledge") }
        return tape.constant(linked.rows(of: terms))
      }, weights: weights.constants(on: tape))
    observe(pass.routings)
    return tape.value(of: pass.vectors)
  }

  /// The embeddings of all terms of a graph; [terms, knowledge width], nil without knowledge.
  func termVectors(of knowledge: LinkedKnowledge?, weights: NetworkWeights) -> Matrix? {
    guard let terms, let knowledge else { return nil }
    return terms.encode(
      terms: Array(knowledge.graph.terms.indices), in: knowledge.neighbourhoods,
      views: knowledge.termViews.gatheringRows, parameters: weights.parameters)
  }

  private func blocks<Inputs>(
    _ inputs: Inputs, count: Int, _ gather: ([Int]) -> Inputs, _ encode: (Inputs) -> Matrix
  ) -> Matrix {
    .joiningBlocks(of: count, atMost: Self.blockItems, columns: configuration.outputWidth) {
      encode($0.count == count ? inputs : gather(Array($0)))
    }
  }
}

extension Matrix {
  /// The rows that `rows` gives for one block of items after another; [count, columns].
  static func joiningBlocks(
    of count: Int, atMost limit: Int, columns: Int, _ rows: (Range<Int>) -> Matrix
  ) -> Matrix {
    if count == 0 { return Matrix(rows: 0, columns: columns) }
    if count <= limit { return rows(0..<count) }
    return .joiningRows(
      stride(from: 0, to: count, by: limit).map { rows($0..<min($0 + limit, count)) })
  }
}

/// The weights of a network and what its routers know besides.
struct NetworkWeights: Sendable, Equatable {
  var parameters: ParameterSet
  /// Nil without a backbone.
  var state: BackboneState?

  /// Finds a constant by parameter name.
  func constants(on tape: Tape) -> (String) -> Tape.Variable {
    let lookup = parameters.lookup
    return { tape.constant(lookup($0)) }
  }
}

extension LinkedTerms {
  /// The rows of the terms in the slots, zeros in empty slots; [N·K, columns].
  fileprivate func rows(of terms: Matrix) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(self.terms.count * terms.columns)
    for term in self.terms {
      if let term {
        values += terms.row(term)
      } else {
        values += repeatElement(0, count: terms.columns)
      }
    }
    return Matrix(rows: self.terms.count, columns: terms.columns, values: values)
  }
}
