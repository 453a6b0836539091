import Foundation
import Tensor

/// Fits ``RidgeViews`` to the training pairs.
///
/// What is told of a molecule are the principal components of its fitted views, of unit length;
/// of a text, those of the mean lexical view of a molecule's texts. Texts of one molecule are one
/// group: none helps to predict another.
struct RidgeFit {
  let configuration: RidgeConfiguration
  let seed: UInt64

  /// The views, and those of the pairs without their own help; nil when a penalty is too small.
  func callAsFunction(
    _ data: TrainingSet, groups: [PairGroups], fingerprint: LatentProjection,
    structure: LatentProjection, lexical: LatentProjection, progress: (Double) -> Void
  ) -> (views: RidgeViews, heldOut: HeldOutViews)? {
    // One pair of each molecule stands for it.
    let count = (groups.map(\.molecule).max() ?? -1) + 1
    var firstPair = [Int](repeating: -1, count: count)
    for (pair, group) in groups.enumerated() where firstPair[group.molecule] < 0 {
      firstPair[group.molecule] = pair
    }
    let molecules = firstPair.map { data.molecules[$0] }
    progress(0.02)
    guard
      let texts = fitTexts(
        data, groups: groups, molecules: molecules, fingerprint: fingerprint,
        structure: structure, lexical: lexical, progress: { progress(0.02 + 0.5 * $0) }),
      let sides = fitMolecules(
        data, groups: groups, molecules: molecules, fingerprint: fingerprint,
        structure: structure, lexical: lexical, progress: { progress(0.52 + 0.48 * $0) })
    else { return nil }
    return (
      RidgeViews(texts: texts.view, substructures: sides.substructures, words: sides.words),
      HeldOutViews(texts: texts.heldOut, molecules: sides.heldOut)
    )
  }

  private func fitTexts(
    _ data: TrainingSet, groups: [PairGroups], molecules: [MoleculeFeatures],
    fingerprint: LatentProjection, structure: LatentProjection, lexical: LatentProjection,
    progress: (Double) -> Void
  ) -> (view: LatentProjection, heldOut: HeldOutViews.Side)? {
    let share = configuration.structureShare
    var told = fingerprint.views(of: molecules.map(\.substructures)).normalizedRows().unit
    told.scale(by: (1 - share).squareRoot())
    var words = structure.views(of: molecules.map(\.words)).normalizedRows().unit
    words.scale(by: share.squareRoot())
    let targets = components(
      told.appendingColumns(of: words), configuration.textComponents)
    progress(0.15)
    let pairs = sample(of: groups.count)
    let rows = lexical.vocabulary.matrix(for: pairs.map { data.texts[$0].lexical })
    let own = pairs.map { groups[$0].molecule }
    let kernel = rows.gram()
    progress(0.4)
    guard
      let ridge = KernelRidge(
        kernel: kernel, targets: targets.gatheringRows(own), groups: own,
        penalty: configuration.textPenalty)
    else { return nil }
    let scale = Self.scale(of: ridge.heldOut)
    progress(1)
    return (
      view(lexical.vocabulary, rows, ridge.dual, scale: scale),
      side(ridge.heldOut, scale: scale, keys: pairs.map { data.texts[$0].contentKey })
    )
  }

  private func fitMolecules(
    _ data: TrainingSet, groups: [PairGroups], molecules: [MoleculeFeatures],
    fingerprint: LatentProjection, structure: LatentProjection, lexical: LatentProjection,
    progress: (Double) -> Void
  ) -> (
    substructures: LatentProjection, words: LatentProjection, heldOut: HeldOutViews.Side
  )? {
    let texts = lexical.views(of: data.texts.map(\.lexical)).normalizedRows().unit
    var told = Matrix(rows: molecules.count, columns: texts.columns)
    told.addRows(texts, at: groups.map(\.molecule))
    let all = components(told.normalizedRows().unit, configuration.moleculeComponents)
    progress(0.15)
    let chosen = sample(of: molecules.count)
    let targets = all.gatheringRows(chosen)
    let share = configuration.structureShare
    let substructures = fingerprint.vocabulary.matrix(
      for: chosen.map { molecules[$0].substructures })
    let words = structure.vocabulary.matrix(for: chosen.map { molecules[$0].words })
    var kernel = substructures.gram()
    kernel.scale(by: 1 - share)
    kernel.add(words.gram(), factor: share)
    progress(0.5)
    guard
      let ridge = KernelRidge(
        kernel: kernel, targets: targets, groups: Array(chosen.indices),
        penalty: configuration.moleculePenalty)
    else { return nil }
    let scale = Self.scale(of: ridge.heldOut)
    progress(1)
    return (
      view(
        fingerprint.vocabulary, substructures, ridge.dual, scale: scale * (1 - share)),
      view(structure.vocabulary, words, ridge.dual, scale: scale * share),
      side(ridge.heldOut, scale: scale, keys: chosen.map { molecules[$0].contentKey })
    )
  }

  /// The leading principal components of rows.
  private func components(_ x: Matrix, _ count: Int) -> Matrix {
    PrincipalComponents(of: x, components: count).project(x)
  }

  /// All of so many, or as many as are wanted, drawn by the seed, in order.
  private func sample(of count: Int) -> [Int] {
    if count <= configuration.samples { return Array(0..<count) }
    var hash = FeatureHash(kind: seed)
    hash.combine("ridge")
    var random = RandomSource(seed: hash.key)
    return random.permutation(count).prefix(configuration.samples).sorted()
  }

  /// What brings the mean deviation of the columns to 1, as other views have it.
  private static func scale(of views: Matrix) -> Float {
    let count = Float(views.rows)
    var sum = [Float](repeating: 0, count: views.columns)
    var squares = sum
    for row in 0..<views.rows {
      for (column, value) in views.row(row).enumerated() {
        sum[column] += value
        squares[column] += value * value
      }
    }
    let deviations = zip(sum, squares).map { sum, squares in
      max(0, squares / count - sum * sum / (count * count)).squareRoot()
    }
    let mean = deviations.reduce(0, +) / Float(max(1, deviations.count))
    return mean > 0 ? 1 / mean : 1
  }

  private func view(
    _ vocabulary: FeatureVocabulary, _ rows: SparseMatrix, _ dual: Matrix, scale: Float
  ) -> LatentProjection {
    var table = rows.transposed().product(dual)
    table.scale(by: scale)
    return LatentProjection(vocabulary: vocabulary, table: HalfMatrix(rounding: table))
  }

  private func side(_ views: Matrix, scale: Float, keys: [UInt64]) -> HeldOutViews.Side {
    var views = views
    views.scale(by: scale)
    return HeldOutViews.Side(keys: keys, views: HalfMatrix(rounding: views))
  }
}
