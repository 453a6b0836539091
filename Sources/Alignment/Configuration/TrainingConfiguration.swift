package import MoEBackbone
package import Molecule
public import Tensor

/// Everything that decides what a training run produces, besides its data.
///
/// The JSON form may leave out any field, which then has its default; an unknown field is refused.
public struct TrainingConfiguration: Sendable, Equatable, Codable {
  /// The fingerprint view of molecules.
  public var moleculeView = LatentProjection.Configuration(
    components: 2048, minimumDocumentFrequency: 4, weighting: .logarithmic)
  /// The view of molecules by exact numbers and named groups.
  public var structureView = LatentProjection.Configuration(
    components: 512, minimumDocumentFrequency: 4, weighting: .logarithmic)
  /// The lexical view of texts.
  public var textView = LatentProjection.Configuration(
    components: 2048, minimumDocumentFrequency: 3, weighting: .sublinear)
  /// The views by regression into the other modality.
  package var ridge = OptionalPart(RidgeConfiguration(), isEnabled: true)
  /// The view of molecules by message passing over atoms and bonds.
  package var graphView = OptionalPart(GraphEncoder.Configuration())
  /// The view of texts by a transformer over sub-words.
  package var sequenceView = OptionalPart(SequenceViewConfiguration())
  /// The experts over the views of molecules and texts.
  package var backbone = OptionalPart(BackboneConfiguration())
  /// The knowledge graph in texts.
  package var knowledge = OptionalPart(KnowledgeConfiguration())
  /// Width of each tower's hidden layer.
  public var hiddenWidth = 1536
  /// Width of the shared space.
  public var outputWidth = 768
  /// Probability of dropping a value of the view and of the hidden layer, 0..<1.
  public var dropout: Float = 0.2
  /// Pairs in a batch; each pair's negatives are the other pairs of its batch.
  public var batchSize = 1024
  /// Passes over the pairs.
  public var epochs = 4
  /// Highest learning rate.
  public var learningRate: Float = 2e-3
  /// Share of the steps spent on linear warm-up, 0...1.
  public var warmupShare: Float = 0.05
  /// What moves the weights.
  public var optimizer = OptimizerConfiguration()
  /// Pairs encoded at a time when a batch has more; 0 encodes every batch at once.
  public var gradientCacheChunk = 0
  /// Batches of near neighbours.
  public var hardNegatives = HardNegativesConfiguration()
  /// What is learned of a teacher's similarities, if there is a teacher.
  public var distillation = DistillationConfiguration()
  /// Share of the pairs of a domain that are trained under the default domain, 0...1.
  ///
  /// Texts of unknown origin have that domain, so it must have seen all kinds.
  public var defaultDomainShare: Float = 0.5
  /// Gradients longer than this, over all weights, are shortened to it.
  public var maximumGradientNorm: Float = 1
  /// Temperature of the contrastive loss at the start.
  public var initialTemperature: Float = 0.07
  /// The learned scale 1/temperature never exceeds this.
  public var maximumScale: Float = 100
  /// How hubs are held back in rankings; no part of the loss.
  public var hubness = HubnessConfiguration()
  /// How precisely the checkpoint keeps its numbers.
  public var storage = CheckpointStorage.full
  /// Epochs from one evaluation on the dev pairs to the next; the last epoch is always evaluated.
  public var evaluationInterval = 1
  /// Training stops after this many evaluations without a better dev MRR.
  public var patience = 4
  /// Seed of every random choice.
  public var seed: UInt64 = 20_26

  /// Whether the network reads the lexical view, rather than the ridge view in its place.
  var readsLexicalView: Bool { !(ridge.isEnabled && ridge.shape.replacesLexicalView) }

  /// The default configuration.
  public init() {}
}
