package import Tensor

/// Blocks of experts over the views of molecules and texts alike.
///
/// One set of experts serves both modalities (LIMoE: Mustafa and others 2022). A batch of N items
/// is a matrix [N·V, d]: row n·V + v is view v of item n. The backbone knows no chemistry and no
/// language; it gives back a matrix of the same shape.
package struct Backbone: Sendable {
  /// What one pass gave.
  package struct Output {
    /// [N·V, d].
    package let views: Tape.Variable
    /// The weighted z-losses of all blocks; nil when their weight is 0.
    package let penalty: Tape.Variable?
    /// What each block's router did, in order.
    package let routings: [RoutingTrace]
  }

  /// The shape.
  package let configuration: BackboneConfiguration
  private let blocks: [BackboneBlock]

  /// A backbone of a shape that has no ``BackboneConfiguration/problem``.
  package init(configuration: BackboneConfiguration) {
    if let problem = configuration.problem { preconditionFailure(problem) }
    self.configuration = configuration
    blocks = (0..<configuration.blocks).map {
      BackboneBlock(configuration: configuration, name: "backbone.\($0)")
    }
  }

  /// All parameters in order; their names start with `backbone.`.
  package var parameterShapes: [ParameterShape] { blocks.flatMap(\.parameterShapes) }

  /// Fresh parameters of a seed.
  ///
  /// What experts put out starts near zero, so a fresh backbone is close to the identity.
  package func initialParameters(seed: UInt64) -> ParameterSet {
    ParameterSet(parameterShapes, seed: seed)
  }

  /// Whether a parameter belongs to a router, by its name.
  package static func isRouting(_ parameterName: String) -> Bool {
    parameterName.hasPrefix("backbone.") && parameterName.contains(".router.")
  }

  /// The routers' state before the first step.
  package var initialState: BackboneState { BackboneState(configuration: configuration) }

  /// Runs all blocks.
  ///
  /// `views` [N·V, d]; `domains` has one for each item, N in all, and chooses its adapter. An
  /// item's rows depend on no other item's. In training, dropout acts on what mixing and experts
  /// add. `weights` finds a variable by parameter name.
  package func callAsFunction(
    _ views: Tape.Variable, domains: [Domain], on tape: Tape, state: BackboneState,
    mode: LayerMode, weights: (String) -> Tape.Variable
  ) -> Output {
    precondition(
      views.columns == configuration.width && views.rows == domains.count * configuration.views,
      "views [\(views.rows), \(views.columns)] for \(domains.count) items of "
        + "\(configuration.views) views, width \(configuration.width)")
    precondition(state.blocks.count == blocks.count, "state of \(state.blocks.count) blocks")
    let rows = DomainRows(domains, views: configuration.views)
    var x = views
    var penalty: Tape.Variable?
    var routings: [RoutingTrace] = []
    for (index, block) in blocks.enumerated() {
      let output = block.forward(
        x, rows: rows, on: tape, state: state.blocks[index], mode: mode, site: 2 * index,
        weights: weights)
      x = output.views
      routings.append(output.routing)
      if let loss = output.zLoss {
        let weighted = tape.scaling(loss, by: configuration.zLossWeight)
        penalty = penalty.map { tape.adding($0, weighted) } ?? weighted
      }
    }
    return Output(views: x, penalty: penalty, routings: routings)
  }
}
