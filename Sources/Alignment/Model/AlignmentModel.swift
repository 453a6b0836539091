package import MoEBackbone
public import Molecule
public import Tensor
import TextEncoder

/// A trained model: views, network and the shared space.
///
/// Immutable after loading, but for the counts of what its experts do.
/// Encoding is this one function for training's evaluation, for indexing and for queries.
public struct AlignmentModel: Sendable {
  /// What the model was trained with.
  public let configuration: TrainingConfiguration
  let views: ModelViews
  let weights: NetworkWeights
  /// What hubs are told by; nil when they are not held back.
  let hubReferences: HubReferences?
  /// What tells how far queries have moved away; nil in checkpoints that have none.
  let storedDriftReference: DriftReference?
  let network: AlignmentNetwork
  /// Embeddings of the graph's terms; nil without knowledge.
  private let terms: Matrix?
  /// What is ready for batches of a shape that was there before.
  let plans: EncodingPlans
  /// What the experts have done since the model was loaded; nil without a backbone.
  package let expertActivity: ExpertActivity?

  init(
    configuration: TrainingConfiguration, views: ModelViews, weights: NetworkWeights,
    hubReferences: HubReferences?, driftReference: DriftReference? = nil
  ) {
    self.configuration = configuration
    self.views = views
    self.weights = weights
    self.hubReferences = hubReferences
    storedDriftReference = driftReference
    let network = AlignmentNetwork(configuration: configuration, widths: views.widths)
    self.network = network
    plans = EncodingPlans { EncodingPlan(tower: network.towerPlan($0, weights: weights)) }
    terms = network.termVectors(of: views.knowledge, weights: weights)
    expertActivity =
      weights.state.map { state in
        ExpertActivity(
          blocks: state.blocks.count, experts: configuration.backbone.shape.experts)
      }
  }

  /// What tells how far queries have moved away from the training texts: what the checkpoint has for
  /// that, else the texts by which hubs are held back, else nothing.
  package var driftReference: DriftReference? {
    storedDriftReference
      ?? hubReferences.map {
        DriftReference(texts: $0.texts.vectors.widened(), seed: configuration.seed)
      }
  }

  /// What each block's router divides its logits by; empty without a backbone.
  package var routerTemperatures: [Float] {
    weights.state?.blocks.map(\.controller.temperature) ?? []
  }

  /// Width of the shared space.
  public var dimension: Int { configuration.outputWidth }

  /// Unit vectors of molecules; [molecules.count, dimension].
  ///
  /// A molecule's vector does not depend on its batch-mates beyond rounding (about 10⁻⁶).
  public func encode(_ molecules: [MolecularGraph]) -> Matrix {
    encodeMolecules(features: features(of: molecules))
  }

  /// Unit vectors of texts; [texts.count, dimension].
  public func encode(_ texts: [String]) -> Matrix { encode(texts, domain: .default) }

  /// Unit vectors of texts of a domain; [texts.count, dimension].
  package func encode(_ texts: [String], domain: Domain) -> Matrix {
    encodeTexts(features: features(of: texts, domain: domain))
  }

  /// The share of the weights that belongs to the adapters of a domain, 0...1.
  package func trainedShare(ofDomain domain: Domain) -> Double {
    let adapters = weights.parameters.selecting { DomainAdapter.owns($0, domain: domain) }
    return Double(adapters.scalarCount) / Double(weights.parameters.scalarCount)
  }

  func features(of molecules: [MolecularGraph]) -> [MoleculeFeatures] {
    let keepsGraph = configuration.graphView.isEnabled
    return Parallel.map(molecules.count, by: 8) {
      MoleculeFeatures(of: molecules[$0], keepingGraph: keepsGraph)
    }
  }

  func features(of texts: [String], domain: Domain = .default) -> [TextFeatures] {
    Parallel.map(texts.count, by: 8, with: LexicalFeatures.Counter.init) { index, counter in
      TextFeatures(of: texts[index], domain: domain, counter: &counter)
    }
  }

  /// Unit vectors of molecules whose features are counted already.
  func encodeMolecules(features: [MoleculeFeatures]) -> Matrix {
    batches(of: features, .molecule) { items, plan in
      network.encodeBlock(
        views.inputs(of: items, in: &plan.views), weights: weights, tower: &plan.tower,
        observe: observe)
    }
  }

  /// Unit vectors of texts whose features are counted already.
  func encodeTexts(features: [TextFeatures]) -> Matrix {
    batches(of: features, .text) { items, plan in
      network.encodeBlock(
        views.inputs(of: items, in: &plan.views), weights: weights, terms: terms,
        tower: &plan.tower, observe: observe)
    }
  }

  private func batches<Features>(
    of items: [Features], _ modality: Modality,
    _ encode: ([Features], inout EncodingPlan) -> Matrix
  ) -> Matrix {
    .joiningBlocks(of: items.count, atMost: EncodingPlans.batchItems, columns: dimension) { range in
      let batch = range.count == items.count ? items : Array(items[range])
      return plans.withPlan(modality, items: batch.count) { encode(batch, &$0) }
    }
  }

  private func observe(_ routings: [RoutingTrace]) { expertActivity?.observe(routings) }
}
