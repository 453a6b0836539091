import MoEBackbone
import Tensor

/// The texts whose embeddings become a ``DriftReference``, as views.
///
/// Drawn by the seed from the training texts that are prose, as queries are; from all when there is
/// no prose.
struct DriftTexts: Sendable {
  private let texts: TextInputs
  private let seed: UInt64
  private let storage: CheckpointStorage

  /// Draws from texts whose inputs are computed.
  init(_ data: TrainingSet, texts: TextInputs, configuration: TrainingConfiguration) {
    var hash = FeatureHash(kind: configuration.seed)
    hash.combine("drift")
    var random = RandomSource(seed: hash.key)
    let prose = data.texts.indices.filter { ReferencePairs.isProse(data.texts[$0].text) }
    let candidates = prose.isEmpty ? Array(data.texts.indices) : prose
    let rows = random.permutation(candidates.count).prefix(DriftReference.meanLimit).map {
      candidates[$0]
    }
    // Queries come without a domain.
    self.texts = texts.gathering(rows).replacingDomains { _ in .default }
    seed = hash.key
    storage = configuration.storage
  }

  /// The reference under the given weights, as a checkpoint gives it back; `terms` as for texts.
  func encoded(
    by network: AlignmentNetwork, weights: NetworkWeights, terms: Matrix?
  ) -> DriftReference {
    let reference = DriftReference(
      texts: network.encode(texts, weights: weights, terms: terms), seed: seed)
    return DriftReference(
      mean: reference.mean, sample: storage.rounded(reference.sample).widened(), seed: seed)
  }
}
