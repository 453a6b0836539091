package import Tensor

/// Embeds terms from what is said about them and about their neighbours.
///
/// h⁰ = W·x + b, x being the view of a term's name and definition; then for every layer
/// hᵢ′ = hᵢ + gelu(W₀·hᵢ + Σ_r Σ_{j ∈ N(i, r)} W_r·hⱼ / c(i, r) + b), W_r = Σ_b a(r, b)·V_b: the relational
/// graph convolution of Schlichtkrull et al. 2018 ("Modeling relational data with graph convolutional
/// networks"), equation 2, with the basis decomposition of equation 3, each relation in both
/// directions and degree-normalised. The residual term is added so that depth does not wash out the
/// term itself. A term's embedding has the same bits whatever terms are embedded with it.
package struct NeighbourhoodEncoder: Sendable {
  /// The sizes of an encoder.
  package struct Configuration: Sendable, Equatable, Codable {
    /// Width of the views of terms.
    package var viewWidth: Int
    /// Width of the embeddings.
    package var width: Int
    /// Relations in both directions, as ``GraphNeighbourhoods/relationCount``.
    package var relationCount: Int
    /// Basis matrices of a layer.
    package var bases: Int
    /// Rounds of messages; 0 leaves the terms alone.
    package var layers: Int

    /// Sizes of at least 1 (layers: 0).
    package init(
      viewWidth: Int, width: Int, relationCount: Int, bases: Int = 4, layers: Int = 1
    ) {
      precondition(viewWidth >= 1 && width >= 1 && relationCount >= 0 && bases >= 1 && layers >= 0)
      self.viewWidth = viewWidth
      self.width = width
      self.relationCount = relationCount
      self.bases = bases
      self.layers = layers
    }

    private enum CodingKeys: CodingKey {
      case viewWidth, width, relationCount, bases, layers
    }
  }

  /// The sizes.
  package let configuration: Configuration
  /// Stands before the names of the parameters.
  package let name: String

  /// An encoder of the given sizes.
  package init(_ configuration: Configuration, name: String = "knowledge") {
    self.configuration = configuration
    self.name = name
  }

  /// The parameters, in order: weights start normal with variance 1/fan-in, mixes normal with
  /// variance 1/bases, biases at 0.
  package var parameterShapes: [ParameterShape] {
    let (width, bases) = (configuration.width, configuration.bases)
    var shapes: [ParameterShape] = [
      .weight("\(name).input.weight", output: width, input: configuration.viewWidth),
      .vector("\(name).input.bias", width: width),
    ]
    for layer in 0..<configuration.layers {
      shapes += [
        .weight("\(name).\(layer).self.weight", output: width, input: width),
        .weight("\(name).\(layer).mix", output: configuration.relationCount, input: bases),
        .weight("\(name).\(layer).bases.weight", output: width, input: bases * width),
        .vector("\(name).\(layer).bias", width: width),
      ]
    }
    return shapes
  }

  /// Fresh parameters of ``parameterShapes``.
  package func initialParameters(random: inout RandomSource) -> [ParameterSet.Parameter] {
    parameterShapes.map { $0.initial(random: &random) }
  }

  /// The embeddings of a plan's wanted terms; [wanted, width].
  ///
  /// `views` [plan.terms.count, view width], one row for each term of the plan.
  package func forward(
    _ plan: NeighbourhoodPlan, views: Tape.Variable, on tape: Tape,
    weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    precondition(
      views.rows == plan.terms.count && views.columns == configuration.viewWidth
        && plan.blocks.count == configuration.layers,
      "views [\(views.rows), \(views.columns)], \(plan.blocks.count) layers for "
        + "[\(plan.terms.count), \(configuration.viewWidth)], \(configuration.layers)")
    func weight(_ part: String) -> Tape.Variable { weights("\(name).\(part)") }
    func project(_ x: Tape.Variable, _ part: String, bias: String? = nil) -> Tape.Variable {
      tape.rowLinear(x, weight: weight(part), bias: bias.map(weight))
    }
    var h = project(views, "input.weight", bias: "input.bias")
    for (layer, block) in plan.blocks.enumerated() {
      let messages = tape.relationMessages(block, from: h, mix: weight("\(layer).mix"))
      let own = tape.embeddingBag(.firstRows(block.targets, of: block.sources), table: h)
      let sum = tape.adding(
        project(own, "\(layer).self.weight", bias: "\(layer).bias"),
        project(messages, "\(layer).bases.weight"))
      h = tape.adding(own, tape.gelu(sum))
    }
    return h
  }

  /// The vectors in the slots of linked texts; [N·K, width], zeros in empty slots.
  ///
  /// `views` gives the rows of the named terms, [count, view width]. Every linked term is embedded
  /// once, whatever the number of texts that mention it.
  package func forward(
    _ linked: LinkedTerms, in neighbourhoods: GraphNeighbourhoods, views: ([Int]) -> Matrix,
    on tape: Tape, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let plan = neighbourhoods.plan(
      terms: linked.terms.compactMap { $0 }, layers: configuration.layers)
    if plan.wanted == 0 {
      return tape.constant(Matrix(rows: linked.terms.count, columns: configuration.width))
    }
    let embedded = forward(
      plan, views: tape.constant(views(plan.terms)), on: tape, weights: weights)
    return tape.embeddingBag(
      .placing(linked.terms.map { $0.flatMap { plan.rowOfTerm[$0] } }, of: plan.wanted),
      table: embedded)
  }

  /// Embeddings of terms without a gradient; [terms.count, width].
  ///
  /// Works on blocks of terms. For inference: embed all terms of a graph once, then only rows are gathered.
  package func encode(
    terms: [Int], in neighbourhoods: GraphNeighbourhoods, views: ([Int]) -> Matrix,
    parameters: ParameterSet
  ) -> Matrix {
    let block = 2048
    var values: [Float] = []
    values.reserveCapacity(terms.count * configuration.width)
    for start in stride(from: 0, to: terms.count, by: block) {
      let part = Array(terms[start..<min(start + block, terms.count)])
      let tape = Tape()
      let linked = LinkedTerms(
        part.map { [Mention(term: $0, range: 0..<1)] }, slots: 1)
      let vectors = forward(linked, in: neighbourhoods, views: views, on: tape) { name in
        tape.constant(parameters[name])
      }
      values += tape.value(of: vectors).values
    }
    return Matrix(rows: terms.count, columns: configuration.width, values: values)
  }
}

extension SparseMatrix {
  /// Picks the first `count` of some rows.
  fileprivate static func firstRows(_ count: Int, of rows: Int) -> SparseMatrix {
    placing((0..<count).map { $0 }, of: rows)
  }

  /// Row i picks row `places[i]`, or nothing.
  fileprivate static func placing(_ places: [Int?], of rows: Int) -> SparseMatrix {
    SparseMatrix(
      columns: rows,
      sparseRows: places.map { place in
        SparseRow(columns: place.map { [Int32($0)] } ?? [], values: place == nil ? [] : [1])
      })
  }
}
