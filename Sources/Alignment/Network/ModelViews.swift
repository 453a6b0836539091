import Knowledge
import Molecule
import Tensor
import TextEncoder

/// Everything that is fitted before training: from features to what the network reads.
///
/// The sparse views of molecules are each fitted by itself and set side by side: in one, a few
/// thousand words would drown in a hundred thousand substructures.
struct ModelViews: Sendable {
  let fingerprint: LatentProjection
  let structure: LatentProjection
  let lexical: LatentProjection
  /// The pieces that the sequence view reads; nil without one.
  let subwords: Subwords?
  /// What is fused into texts; nil without it.
  let knowledge: LinkedKnowledge?

  /// A vocabulary and how much of a text is read.
  struct Subwords: Sendable {
    let vocabulary: SubwordVocabulary
    let limit: Int
  }

  /// What a network must be made for.
  var widths: AlignmentNetwork.Widths {
    AlignmentNetwork.Widths(
      molecule: fingerprint.width + structure.width, text: lexical.width,
      vocabulary: subwords?.vocabulary.count ?? 0, term: knowledge?.termViews.columns ?? 0,
      relations: knowledge?.neighbourhoods.relationCount ?? 0)
  }

  /// What the network reads of molecules; computed in parallel.
  func inputs(of items: [MoleculeFeatures]) -> MoleculeInputs {
    MoleculeInputs(
      views: fingerprint.views(of: items.map(\.substructures))
        .appendingColumns(of: structure.views(of: items.map(\.words))),
      graphs: items.compactMap(\.graph))
  }

  /// What the network reads of texts; computed in parallel.
  func inputs(of items: [TextFeatures]) -> TextInputs {
    TextInputs(
      views: lexical.views(of: items.map(\.lexical)),
      sequences: subwords.map { subwords in
        Parallel.map(items.count, by: 16) {
          subwords.vocabulary.encode(items[$0].text, limit: subwords.limit)
        }
      } ?? [],
      domains: items.map(\.domain), linked: knowledge?.linkedTerms(in: items.map(\.text)))
  }
}
