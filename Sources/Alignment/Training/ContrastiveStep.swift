package import Tensor

/// Loss and gradients of one batch.
package struct ContrastiveStep {
  /// Mean symmetric InfoNCE over the batch.
  package let loss: Float
  /// One gradient for each parameter, in order.
  package let gradients: [Matrix]

  /// Symmetric InfoNCE with a learned temperature.
  ///
  /// Source: Radford and others 2021 (CLIP), figure 3.
  /// S = scale·M·Tᵀ [N, N]; row i's match is column i; the loss is the mean of the cross-entropies
  /// of rows and columns. `molecules` [N, view] and `texts` [N, view] are views.
  package init(
    molecules: Matrix, texts: Matrix, parameters: ParameterSet,
    configuration: TrainingConfiguration, dropoutSeed: UInt64
  ) {
    let tape = Tape()
    var variables: [String: Tape.Variable] = [:]
    let ordered = parameters.parameters.map { parameter in
      let variable = tape.parameter(parameter.value)
      variables[parameter.name] = variable
      return variable
    }
    func weight(_ name: String) -> Tape.Variable {
      guard let variable = variables[name] else { preconditionFailure("no parameter \(name)") }
      return variable
    }
    func encode(_ views: Matrix, _ modality: Modality, _ seed: UInt64) -> Tape.Variable {
      Tower(modality: modality).forward(
        tape.constant(views), on: tape,
        mode: .training(dropout: configuration.dropout, seed: seed), weights: weight)
    }
    let molecule = encode(molecules, .molecule, dropoutSeed)
    let text = encode(texts, .text, ~dropoutSeed)
    let logits = tape.scaling(
      tape.productTransposed(text, molecule), byExpOf: weight(AlignmentModel.logScaleName))
    let loss = tape.mean(
      tape.crossEntropyOfDiagonal(logits),
      tape.crossEntropyOfDiagonal(tape.transposed(logits)))
    let all = tape.gradients(of: loss)
    self.loss = tape.value(of: loss)[0, 0]
    gradients = ordered.map { all[$0] }
  }
}
