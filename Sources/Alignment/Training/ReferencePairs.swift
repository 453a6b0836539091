import MoEBackbone
import Tensor

/// The pairs whose vectors become ``HubReferences``, as views.
///
/// Drawn by the seed from the pairs whose text is prose: names and formulas lie elsewhere in the
/// space. From all pairs when there is no prose at all.
struct ReferencePairs: Sendable {
  /// Words from which a text counts as prose.
  static let proseWords = 5

  /// Whether a text is more than a name.
  static func isProse(_ text: String) -> Bool {
    text.split(maxSplits: proseWords, whereSeparator: \.isWhitespace).count >= proseWords
  }

  private let texts: TextInputs
  private let molecules: MoleculeInputs
  private let textKeys: [UInt64]
  private let moleculeKeys: [UInt64]
  private let storage: CheckpointStorage

  /// Draws from pairs whose inputs are computed; nil when the configuration wants none.
  init?(
    _ data: TrainingSet, texts: TextInputs, molecules: MoleculeInputs,
    configuration: TrainingConfiguration
  ) {
    let hubness = configuration.hubness
    if hubness.weight == 0 { return nil }
    var hash = FeatureHash(kind: configuration.seed)
    hash.combine("references")
    var random = RandomSource(seed: hash.key)
    let prose = data.texts.indices.filter { Self.isProse(data.texts[$0].text) }
    let candidates = prose.isEmpty ? Array(data.texts.indices) : prose
    let rows = random.permutation(candidates.count).prefix(hubness.references).map {
      candidates[$0]
    }
    // Queries come without a domain.
    self.texts = texts.gathering(rows).replacingDomains { _ in .default }
    self.molecules = molecules.gathering(rows)
    textKeys = rows.map { data.texts[$0].contentKey }
    moleculeKeys = rows.map { data.molecules[$0].contentKey }
    storage = configuration.storage
  }

  /// The references under the given weights, as a checkpoint gives them back; `terms` as for texts.
  func encoded(
    by network: AlignmentNetwork, weights: NetworkWeights, terms: Matrix?
  ) -> HubReferences {
    HubReferences(
      texts: HubReferences.Side(
        vectors: storage.rounded(network.encode(texts, weights: weights, terms: terms)),
        counterparts: moleculeKeys),
      molecules: HubReferences.Side(
        vectors: storage.rounded(network.encode(molecules, weights: weights)),
        counterparts: textKeys))
  }
}
