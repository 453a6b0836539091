import AlignAPI
import Alignment
import Molecule
import Tensor

extension SearchService.Model {
  /// The score of each item for its query, as a search would give it; one query for all, or one for
  /// each.
  ///
  /// Within a modality the cosine; across modalities hubs are held back, except of vectors, of
  /// which nothing else is known. Throws ``SearchError`` and `CancellationError`.
  func scores(
    of items: [SearchQuery], for queries: [SearchQuery], on computation: ComputationQueue
  ) async throws -> [Float] {
    precondition(
      queries.count == 1 || queries.count == items.count,
      "\(queries.count) queries, \(items.count) items")
    let vectors = try await engine.encode(queries + items)
    let model = engine.model
    return try await computation.run {
      let offsets = model.offsets(
        of: vectors.gatheringRows(Array(queries.count..<vectors.rows)), items)
      return items.indices.map { place in
        let query = queries.count == 1 ? 0 : place
        let isAcross = queries[query].modality != items[place].modality
        return zip(vectors.row(query), vectors.row(queries.count + place))
          .reduce(isAcross ? offsets[place] : 0) { $0 + $1.0 * $1.1 }
      }
    }
  }
}

extension AlignmentModel {
  /// What holds hubs back, of items of both modalities; 0 of vectors.
  fileprivate func offsets(of vectors: Matrix, _ items: [SearchQuery]) -> [Float] {
    var texts: [(place: Int, text: String)] = []
    var molecules: [(place: Int, graph: MolecularGraph)] = []
    for (place, item) in items.enumerated() {
      switch item {
      case .text(let text): texts.append((place, text))
      case .molecule(let graph): molecules.append((place, graph))
      case .vector: break
      }
    }
    var offsets = [Float](repeating: 0, count: items.count)
    let ofTexts = self.offsets(
      of: vectors.gatheringRows(texts.map(\.place)), texts.map(\.text))
    for (item, offset) in zip(texts, ofTexts) { offsets[item.place] = offset }
    let ofMolecules = self.offsets(
      of: vectors.gatheringRows(molecules.map(\.place)), molecules.map(\.graph))
    for (item, offset) in zip(molecules, ofMolecules) { offsets[item.place] = offset }
    return offsets
  }
}
