package import Tensor

/// The graph view: message passing over atoms and bonds, then a read-out for each molecule.
///
/// A atoms, N molecules, d width, h hidden width. Atoms start as the sum of the embeddings of
/// their features. Each layer adds to every atom, after layer normalisation of all atoms x,
///
///     mᵥ = x̂ᵥ + Σ_{u ∈ N(v)} max(0, x̂ᵤ + e(u, v))      (Hu et al. 2020; Xu et al. 2019, eq. 4.1)
///     xᵥ ← xᵥ + W₂·gelu(W₁·mᵥ + b₁) + b₂
///
/// with e(u, v) the sum of the embeddings of the bond's features, of each layer's own. The papers
/// normalise over the batch and put ReLU between the linear maps; here layer normalisation, the
/// residual sum and GELU make a molecule's vector independent of its batch-mates, bit for bit.
///
/// The read-out joins three: the sum over atoms divided by 32 (a typical size, so that it starts
/// in scale and still counts), their mean, and attention of a learned query over them, then maps
/// [3·d] to [d]. A molecule without atoms has zeros there and so the vector of the last bias.
package struct GraphEncoder: Sendable {
  /// The shape of the encoder.
  package struct Configuration: Sendable, Equatable, Codable {
    /// Width d of an atom and of the view.
    package var width = 128
    /// Rounds of message passing.
    package var layers = 3
    /// Width h between the two linear maps of a layer.
    package var hiddenWidth = 128
    /// Heads of the attention read-out; divides the width.
    package var heads = 4

    /// The measured defaults.
    package init() {}

    /// The words for the first thing that cannot be, or nothing.
    package var problem: String? {
      if width < 1 || hiddenWidth < 1 { return "widths \(width) and \(hiddenWidth)" }
      if layers < 0 { return "\(layers) layers" }
      return heads < 1 || width % heads != 0 ? "\(heads) heads of a width of \(width)" : nil
    }
  }

  /// The shape of the encoder.
  package let configuration: Configuration
  /// Comes before the names of the parameters.
  package let prefix: String

  /// An encoder whose parameters are called `prefix.…`.
  package init(_ configuration: Configuration, prefix: String = "molecule.graph") {
    if let problem = configuration.problem { preconditionFailure(problem) }
    self.configuration = configuration
    self.prefix = prefix
  }

  /// Width of the view.
  package var width: Int { configuration.width }

  /// The parameters, in order.
  package var parameterShapes: [ParameterShape] {
    let (d, h) = (configuration.width, configuration.hiddenWidth)
    var shapes = [
      ParameterShape(
        name: "\(prefix).atom.embedding", rows: AtomFeatures.layout.width, columns: d,
        decays: false, start: .spread(0.3))
    ]
    for layer in 0..<configuration.layers {
      let name = "\(prefix).\(layer)"
      shapes += [
        .vector("\(name).norm.gain", width: d, value: 1),
        .vector("\(name).norm.bias", width: d),
        ParameterShape(
          name: "\(name).bond.embedding", rows: BondFeatures.layout.width, columns: d,
          decays: false, start: .spread(0.3)),
        .weight("\(name).hidden.weight", output: h, input: d),
        .vector("\(name).hidden.bias", width: h),
        .weight("\(name).output.weight", output: d, input: h),
        .vector("\(name).output.bias", width: d),
      ]
    }
    shapes += [
      .vector("\(prefix).norm.gain", width: d, value: 1),
      .vector("\(prefix).norm.bias", width: d),
      ParameterShape(
        name: "\(prefix).readout.query", rows: 1, columns: d, decays: false, start: .spread(0.02)),
      .weight("\(prefix).readout.weight", output: d, input: 3 * d),
      .vector("\(prefix).readout.bias", width: d),
    ]
    return shapes
  }

  /// The view of each molecule of a batch; [N, d].
  ///
  /// `weights` finds a variable by parameter name. In training, dropout acts on what each layer adds.
  package func forward(
    _ batch: GraphBatch, on tape: Tape, mode: LayerMode, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let kinds = tape.embeddingBag(batch.atomTable, table: weights("\(prefix).atom.embedding"))
    var atoms = tape.gatheringRows(kinds, batch.atomKinds)
    for layer in 0..<configuration.layers {
      let name = "\(prefix).\(layer)"
      let normal = tape.layerNorm(
        atoms, gain: weights("\(name).norm.gain"), bias: weights("\(name).norm.bias"))
      let edges = tape.embeddingBag(batch.bondTable, table: weights("\(name).bond.embedding"))
      let messages = tape.messageSum(normal, edges: edges, batch.neighborhoods)
      let hidden = tape.gelu(
        tape.rowLinear(
          messages, weight: weights("\(name).hidden.weight"), bias: weights("\(name).hidden.bias")))
      let update = tape.rowLinear(
        hidden, weight: weights("\(name).output.weight"), bias: weights("\(name).output.bias"))
      atoms = tape.adding(atoms, tape.dropout(update, mode: mode, site: layer))
    }
    let normal = tape.layerNorm(
      atoms, gain: weights("\(prefix).norm.gain"), bias: weights("\(prefix).norm.bias"))
    return readOut(normal, batch.molecules, on: tape, weights: weights)
  }

  private func readOut(
    _ atoms: Tape.Variable, _ molecules: Segments, on tape: Tape,
    weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let sum = tape.scaling(tape.segmentSum(atoms, molecules), by: 1 / 32)
    let mean = tape.segmentMean(atoms, molecules)
    let queries = tape.gatheringRows(
      weights("\(prefix).readout.query"), [Int](repeating: 0, count: molecules.count))
    let attended = tape.attention(
      queries: queries, keys: atoms, values: atoms, querySegments: molecules.single,
      keySegments: molecules, heads: configuration.heads)
    return tape.rowLinear(
      tape.concatenatingColumns(tape.concatenatingColumns(sum, mean), attended),
      weight: weights("\(prefix).readout.weight"), bias: weights("\(prefix).readout.bias"))
  }

  /// The views of molecules without dropout, in parallel; [molecules.count, d].
  ///
  /// A molecule's view has the same bits whatever the others are.
  package func encode(_ molecules: [GraphFeatures], parameters: ParameterSet) -> Matrix {
    let lookup = parameters.lookup
    let views = Parallel.map(
      molecules.count, atMost: Self.tileAtoms, size: { molecules[$0].atomCount }
    ) {
      range in
      let tape = Tape()
      let output = forward(GraphBatch(molecules[range]), on: tape, mode: .inference) { name in
        tape.constant(lookup(name))
      }
      return tape.value(of: output).values
    }
    return Matrix(rows: molecules.count, columns: width, values: Array(views.joined()))
  }

  /// Atoms of a tile: its matrices stay in the second-level cache.
  private static let tileAtoms = 1024
}
