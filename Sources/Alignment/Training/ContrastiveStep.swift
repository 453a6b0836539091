import Knowledge
package import MoEBackbone
package import Tensor

/// Loss and gradients of one batch.
package struct ContrastiveStep {
  /// Symmetric InfoNCE over the batch, penalties and distillation included.
  package let loss: Float
  /// One gradient for each trained parameter, in order.
  package let gradients: [ParameterGradient]
  /// What the routers did with molecules, then with texts, for each chunk; one list of blocks each.
  package let routings: [[RoutingTrace]]

  /// What a batch is made of.
  package struct Batch {
    /// The molecules of N pairs.
    package let molecules: MoleculeInputs
    /// Their texts.
    package let texts: TextInputs
    /// The similarities [N, N] of texts and molecules under a teacher, or nil without one.
    package let teacher: Matrix?

    /// Matching rows are pairs.
    package init(molecules: MoleculeInputs, texts: TextInputs, teacher: Matrix? = nil) {
      precondition(molecules.count == texts.count, "\(molecules.count) and \(texts.count) items")
      self.molecules = molecules
      self.texts = texts
      self.teacher = teacher
    }
  }

  /// A step that trains all parameters, without knowledge; what benchmarks and tests measure.
  package init(
    _ batch: Batch, network: AlignmentNetwork, parameters: ParameterSet, state: BackboneState?,
    dropoutSeed: UInt64
  ) {
    self.init(
      batch, network: network, knowledge: nil, trained: parameters, frozen: ParameterSet([]),
      state: state, dropoutSeed: dropoutSeed)
  }

  /// Symmetric InfoNCE with a learned temperature.
  ///
  /// Source: Radford and others 2021 (CLIP), figure 3.
  /// S = scale·T·Mᵀ [N, N]; row i's match is column i; the loss is the mean of the cross-entropies
  /// of rows and columns. With a teacher, α times ``Tape/distillation(_:teacher:temperature:teacherTemperature:)``
  /// is added. A batch above the configured chunk is encoded chunk by chunk (``GradientCache``).
  /// `trained` are the parameters that get gradients, `frozen` all others.
  init(
    _ batch: Batch, network: AlignmentNetwork, knowledge: LinkedKnowledge?,
    trained: ParameterSet, frozen: ParameterSet, state: BackboneState?, dropoutSeed: UInt64
  ) {
    let configuration = network.configuration
    let chunk = configuration.gradientCacheChunk
    let count = batch.molecules.count
    let cache = GradientCache(count: count, chunk: chunk > 0 ? chunk : max(1, count))
    let constants = frozen.lookup
    var traces: [Int: [[RoutingTrace]]] = [:]
    func encode(
      _ tape: Tape, _ range: Range<Int>, _ find: (String) -> Tape.Variable?
    ) -> (embeddings: [Tape.Variable], penalty: Tape.Variable?) {
      func weight(_ name: String) -> Tape.Variable { find(name) ?? tape.constant(constants(name)) }
      var seed = FeatureHash(kind: dropoutSeed)
      seed.combine(range.lowerBound)
      let mode = LayerMode.training(dropout: configuration.dropout, seed: seed.key)
      let rows = Array(range)
      let isWhole = range.count == count
      let molecule = network.molecules(
        isWhole ? batch.molecules : batch.molecules.gathering(rows), on: tape, mode: mode,
        state: state, weights: weight)
      let text = network.texts(
        isWhole ? batch.texts : batch.texts.gathering(rows), on: tape, mode: mode, state: state,
        terms: { linked, tape in
          guard let terms = network.terms, let knowledge else {
            preconditionFailure("texts are linked without knowledge")
          }
          return terms.forward(
            linked, in: knowledge.neighbourhoods, views: knowledge.termViews.gatheringRows,
            on: tape, weights: weight)
        }, weights: weight)
      // A chunk is encoded twice with the same result.
      traces[range.lowerBound] = [molecule.routings, text.routings]
      return (
        [molecule.vectors, text.vectors],
        [molecule.penalty, text.penalty].compactMap { $0 }.reduce(nil) { sum, next in
          sum.map { tape.adding($0, next) } ?? next
        }
      )
    }
    func contrast(
      _ molecule: Tape.Variable, _ text: Tape.Variable, logScale: Tape.Variable, on tape: Tape
    ) -> Tape.Variable {
      let loss = tape.symmetricContrast(text, molecule, logScale: logScale)
      let distillation = configuration.distillation
      guard let teacher = batch.teacher, distillation.weight > 0 else { return loss }
      let divergence = tape.distillation(
        tape.productTransposed(text, molecule), teacher: teacher,
        temperature: distillation.temperature,
        teacherTemperature: distillation.teacherTemperature)
      return tape.adding(loss, tape.scaling(divergence, by: distillation.weight))
    }

    let names = Set(trained.parameters.map(\.name))
    let logScaleName = AlignmentNetwork.logScaleName
    if cache.chunks.count == 1 {
      let tape = Tape()
      var variables: [String: Tape.Variable] = [:]
      let ordered = trained.parameters.map { parameter in
        let variable = tape.parameter(parameter.value)
        variables[parameter.name] = variable
        return variable
      }
      let encoded = encode(tape, 0..<count) { variables[$0] }
      var loss = contrast(
        encoded.embeddings[0], encoded.embeddings[1],
        logScale: variables[logScaleName] ?? tape.constant(constants(logScaleName)), on: tape)
      if let penalty = encoded.penalty { loss = tape.adding(loss, penalty) }
      let all = tape.gradients(of: loss)
      self.loss = tape.value(of: loss)[0, 0]
      gradients = ordered.map { all.gradient(of: $0) }
    } else {
      let result = cache.evaluate(
        trained,
        encode: { tape, range, weights in
          let encoded = encode(tape, range) { names.contains($0) ? weights($0) : nil }
          return GradientCache.Encoded(
            embeddings: encoded.embeddings, penalty: encoded.penalty)
        },
        loss: { embeddings in
          let tape = Tape()
          let (molecule, text) = (tape.parameter(embeddings[0]), tape.parameter(embeddings[1]))
          let isTrained = names.contains(logScaleName)
          let logScale = tape.parameter(
            isTrained ? trained[logScaleName] : constants(logScaleName))
          let loss = contrast(molecule, text, logScale: logScale, on: tape)
          let all = tape.gradients(of: loss)
          return GradientCache.Loss(
            value: tape.value(of: loss)[0, 0], embeddings: [all[molecule], all[text]],
            parameters: isTrained ? [logScaleName: all[logScale]] : [:])
        })
      loss = result.loss
      gradients = result.gradients
    }
    routings = cache.chunks.flatMap { traces[$0.lowerBound] ?? [] }
  }
}
