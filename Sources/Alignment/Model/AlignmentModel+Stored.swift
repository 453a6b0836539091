public import Molecule
public import Tensor

/// Vectors as they are stored and searched: across modalities hubs are held back by one more
/// coordinate, so that a search stays a search for the largest inner product.
///
/// An item is stored as [unit vector, −w·r]. A query of the other modality is [unit vector, 1], one
/// of the same modality [unit vector, 0]. A model without references has neither.
extension AlignmentModel {
  /// Numbers of a stored vector: ``dimension``, and one more when hubs are held back.
  public var storedDimension: Int { dimension + (hubReferences == nil ? 0 : 1) }

  /// Molecules as they are stored; [molecules.count, storedDimension].
  public func encodeStored(_ molecules: [MolecularGraph]) -> Matrix {
    let features = features(of: molecules)
    return stored(
      encodeMolecules(features: features), .molecule, keys: features.map(\.contentKey))
  }

  /// Texts as they are stored; [texts.count, storedDimension].
  public func encodeStored(_ texts: [String]) -> Matrix {
    let features = features(of: texts)
    return stored(encodeTexts(features: features), .text, keys: features.map(\.contentKey))
  }

  /// Unit vectors [N, dimension] as queries for stored vectors; [N, storedDimension].
  ///
  /// `isAcross[i]` tells whether query i looks for the other modality.
  public func queries(_ vectors: Matrix, isAcross: [Bool]) -> Matrix {
    precondition(vectors.rows == isAcross.count, "\(isAcross.count) for \(vectors.rows) vectors")
    if hubReferences == nil { return vectors }
    return vectors.appendingColumns(
      of: Matrix(rows: vectors.rows, columns: 1, values: isAcross.map { $0 ? 1 : 0 }))
  }

  /// What the score of each molecule with a query of the other modality has beside the cosine.
  ///
  /// `vectors` [molecules.count, dimension] are their unit vectors.
  package func offsets(of vectors: Matrix, _ molecules: [MolecularGraph]) -> [Float] {
    offsets(of: vectors, .molecule) { features(of: molecules).map(\.contentKey) }
  }

  /// The same of texts.
  package func offsets(of vectors: Matrix, _ texts: [String]) -> [Float] {
    offsets(of: vectors, .text) { features(of: texts).map(\.contentKey) }
  }

  func offsets(of vectors: Matrix, _ modality: Modality, keys: () -> [UInt64]) -> [Float] {
    guard let hubReferences else { return [Float](repeating: 0, count: vectors.rows) }
    return hubReferences.offsets(
      of: vectors, keys: keys(), modality: modality, configuration: configuration.hubness)
  }

  /// Unit vectors of molecules, [molecules.count, dimension], as they are stored;
  /// [molecules.count, storedDimension].
  public func stored(_ vectors: Matrix, of molecules: [MolecularGraph]) -> Matrix {
    precondition(vectors.rows == molecules.count, "\(vectors.rows) of \(molecules.count)")
    if hubReferences == nil { return vectors }
    return stored(vectors, .molecule, keys: features(of: molecules).map(\.contentKey))
  }

  /// Unit vectors of texts, [texts.count, dimension], as they are stored;
  /// [texts.count, storedDimension].
  public func stored(_ vectors: Matrix, of texts: [String]) -> Matrix {
    precondition(vectors.rows == texts.count, "\(vectors.rows) of \(texts.count)")
    if hubReferences == nil { return vectors }
    return stored(vectors, .text, keys: features(of: texts).map(\.contentKey))
  }

  private func stored(_ vectors: Matrix, _ modality: Modality, keys: [UInt64]) -> Matrix {
    if hubReferences == nil { return vectors }
    let offsets = offsets(of: vectors, modality) { keys }
    return vectors.appendingColumns(
      of: Matrix(rows: vectors.rows, columns: 1, values: offsets))
  }
}
