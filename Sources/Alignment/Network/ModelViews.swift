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
  /// Nil when texts are read by the ridge view alone.
  let lexical: LatentProjection?
  /// Where items would lie in the other modality's space; nil without such views.
  let ridge: RidgeViews?
  /// The pieces that the sequence view reads; nil without one.
  let subwords: Subwords?
  /// What is fused into texts; nil without it.
  let knowledge: LinkedKnowledge?

  /// The same views, with a graph that is read by them.
  func linking(
    _ graph: KnowledgeGraph, configuration: KnowledgeConfiguration
  ) -> ModelViews {
    ModelViews(
      fingerprint: fingerprint, structure: structure, lexical: lexical, ridge: ridge,
      subwords: subwords,
      knowledge: LinkedKnowledge(graph, configuration: configuration, views: fittedViews))
  }

  /// A vocabulary and how much of a text is read.
  struct Subwords: Sendable {
    let vocabulary: SubwordVocabulary
    let limit: Int
  }

  /// What a network must be made for.
  var widths: AlignmentNetwork.Widths {
    AlignmentNetwork.Widths(
      molecule: fingerprint.width + structure.width + (ridge?.substructures.width ?? 0),
      text: (lexical?.width ?? 0) + (ridge?.texts.width ?? 0),
      vocabulary: subwords?.vocabulary.count ?? 0, term: knowledge?.termViews.columns ?? 0,
      relations: knowledge?.neighbourhoods.relationCount ?? 0)
  }

  /// What the network reads of molecules; computed in parallel.
  func inputs(of items: [MoleculeFeatures]) -> MoleculeInputs {
    var buffers = ViewBuffers()
    return inputs(of: items, in: &buffers)
  }

  /// What the network reads of molecules; the views lie in `buffers` until the next batch.
  func inputs(of items: [MoleculeFeatures], in buffers: inout ViewBuffers) -> MoleculeInputs {
    buffers.begin(items: items.count, width: widths.molecule)
    buffers.write(fingerprint, at: 0) { items[$0].substructures }
    buffers.write(structure, at: fingerprint.width) { items[$0].words }
    ridge?.write(items, into: &buffers, at: fingerprint.width + structure.width)
    return MoleculeInputs(views: buffers.views, graphs: items.compactMap(\.graph))
  }

  /// The views of texts that the network reads, side by side; [items.count, text width].
  func fittedViews(of items: [TextFeatures]) -> Matrix {
    var buffers = ViewBuffers()
    write(items, into: &buffers)
    return buffers.views
  }

  private func write(_ items: [TextFeatures], into buffers: inout ViewBuffers) {
    buffers.begin(items: items.count, width: widths.text)
    if let lexical { buffers.write(lexical, at: 0) { items[$0].lexical } }
    if let ridge { buffers.write(ridge.texts, at: lexical?.width ?? 0) { items[$0].lexical } }
  }

  /// What the network reads of texts; computed in parallel.
  func inputs(of items: [TextFeatures]) -> TextInputs {
    var buffers = ViewBuffers()
    return inputs(of: items, in: &buffers)
  }

  /// What the network reads of texts; the views lie in `buffers` until the next batch.
  func inputs(of items: [TextFeatures], in buffers: inout ViewBuffers) -> TextInputs {
    write(items, into: &buffers)
    return TextInputs(
      views: buffers.views,
      sequences: subwords.map { subwords in
        Parallel.map(items.count, by: 16) {
          subwords.vocabulary.encode(items[$0].text, limit: subwords.limit)
        }
      } ?? [],
      domains: items.map(\.domain), linked: knowledge?.linkedTerms(in: items.map(\.text)))
  }
}
