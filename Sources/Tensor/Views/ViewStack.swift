/// How the views of a batch become one tensor [N, V, d].
///
/// N items, V views, d width. The tensor is one matrix [N·V, d], items outermost: **row n·V + v is
/// view v of item n**, views in the order given here. Every view has a width of its own and is
/// brought to d by its own affine map, whose bias also tells the views apart:
/// y(n, v) = Wᵥ·xᵥ(n) + bᵥ. A backbone needs to know no more than the matrix, N and V.
package struct ViewStack: Sendable, Equatable {
  /// One view: what it is called and how wide it is.
  package struct View: Sendable, Equatable {
    /// Unique among the views of a modality, such as `graph`.
    package let name: String
    /// Columns of the view before projection.
    package let width: Int

    /// Names a view.
    package init(name: String, width: Int) {
      self.name = name
      self.width = width
    }
  }

  /// The views in their order.
  package let views: [View]
  /// The common width d.
  package let width: Int
  /// Comes before the names of the parameters, such as `molecule.views`.
  package let prefix: String

  /// Fixes the order; names must be unique.
  package init(prefix: String, views: [View], width: Int) {
    precondition(!views.isEmpty, "a stack of no views")
    precondition(Set(views.map(\.name)).count == views.count, "a view occurs twice")
    self.prefix = prefix
    self.views = views
    self.width = width
  }

  /// The parameters: a weight [d, view] and a bias [1, d] for each view.
  package var parameterShapes: [ParameterShape] {
    views.flatMap { view in
      [
        ParameterShape.weight(
          "\(prefix).\(view.name).weight", output: width, input: view.width),
        ParameterShape(
          name: "\(prefix).\(view.name).bias", rows: 1, columns: width, decays: false,
          start: .spread(0.02)),
      ]
    }
  }

  /// Projects the views, each [N, its width] in the order of ``views``, and stacks them: [N·V, d].
  package func forward(
    _ inputs: [Tape.Variable], on tape: Tape, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    precondition(inputs.count == views.count, "\(inputs.count) inputs for \(views.count) views")
    let rows = inputs[0].rows
    var stacked: Tape.Variable?
    for (view, input) in zip(views, inputs) {
      precondition(
        input.columns == view.width && input.rows == rows,
        "view \(view.name): [\(input.rows), \(input.columns)] for [\(rows), \(view.width)]")
      let projected = tape.rowLinear(
        input, weight: weights("\(prefix).\(view.name).weight"),
        bias: weights("\(prefix).\(view.name).bias"))
      stacked = stacked.map { tape.concatenatingColumns($0, projected) } ?? projected
    }
    guard let stacked else { preconditionFailure("a stack of no views") }
    return tape.reshaping(stacked, rows: rows * views.count, columns: width)
  }

  /// The row of a view of an item.
  package func row(item: Int, view: Int) -> Int { item * views.count + view }
}
