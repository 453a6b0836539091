import Tensor

/// Vectors of training pairs, kept to tell how near an item is to everything of the other kind.
///
/// Source: Conneau and others 2018, "Word translation without parallel data", section 2.3 (CSLS),
/// of which only the candidate's half is used: the query's is the same for all its candidates.
/// score(t, m) = t·m − w·r(m), r(m) the mean of the k largest cosines of m with the reference
/// texts, and likewise r(t) with the reference molecules. Departure: references whose own
/// counterpart is the item are left out, so that training pairs are not held back for their own
/// match.
struct HubReferences: Sendable, Equatable {
  /// Unit vectors of one modality, each with the key of what it was paired with.
  struct Side: Sendable, Equatable {
    /// [R, d].
    let vectors: HalfMatrix
    /// The content keys of the counterparts, R.
    let counterparts: [UInt64]
    private let widened: Matrix

    init(vectors: HalfMatrix, counterparts: [UInt64]) {
      precondition(
        vectors.rows == counterparts.count, "\(counterparts.count) keys, \(vectors.rows) vectors")
      self.vectors = vectors
      self.counterparts = counterparts
      widened = vectors.widened()
    }

    /// The mean of the `count` largest cosines of each row with references that are not its own.
    ///
    /// The mean of as many as there are when there are fewer, 0 without any. O(N·R·d).
    fileprivate func means(_ items: Matrix, keys: [UInt64], nearest count: Int) -> [Float] {
      let block = 1024
      var means: [Float] = []
      means.reserveCapacity(items.rows)
      for start in stride(from: 0, to: items.rows, by: block) {
        let rows = Array(start..<min(start + block, items.rows))
        let cosines = Matrix.product(items.gatheringRows(rows), widened, transposingB: true)
        means += Parallel.map(rows.count, by: 8) { row in
          mean(of: count, in: cosines.row(row), without: keys[start + row])
        }
      }
      return means
    }

    /// The mean of the `count` references nearest to an item that are not its own; [1, d].
    ///
    /// Its inner product with the item is the item's entry in ``means(_:keys:nearest:)``.
    fileprivate func center(near item: Matrix, key: UInt64, nearest count: Int) -> Matrix {
      let cosines = Matrix.product(item, widened, transposingB: true).row(0)
      let nearest = counterparts.indices.filter { counterparts[$0] != key }
        .sorted { (cosines[$1], $0) < (cosines[$0], $1) }.prefix(count)
      var sum = [Float](repeating: 0, count: item.columns)
      for row in nearest {
        for (column, value) in widened.row(row).enumerated() { sum[column] += value }
      }
      let share = nearest.isEmpty ? 0 : 1 / Float(nearest.count)
      return Matrix(rows: 1, columns: item.columns, values: sum.map { $0 * share })
    }

    private func mean(of count: Int, in cosines: ArraySlice<Float>, without key: UInt64) -> Float {
      // Ascending; few values ever enter it.
      var largest: [Float] = []
      largest.reserveCapacity(count + 1)
      for (cosine, counterpart) in zip(cosines, counterparts) where counterpart != key {
        if largest.count == count {
          if cosine <= largest[0] { continue }
          largest.removeFirst()
        }
        largest.insert(cosine, at: largest.firstIndex { $0 > cosine } ?? largest.count)
      }
      return largest.isEmpty ? 0 : largest.reduce(0, +) / Float(largest.count)
    }
  }

  /// Reference texts, each with its molecule's key.
  let texts: Side
  /// Reference molecules, each with its text's key.
  let molecules: Side

  /// −w·r of each item: what its score with a query of the other modality has in addition.
  ///
  /// `vectors` [N, d] are unit vectors of the modality, `keys` the items' content keys.
  func offsets(
    of vectors: Matrix, keys: [UInt64], modality: Modality, configuration: HubnessConfiguration
  ) -> [Float] {
    precondition(vectors.rows == keys.count, "\(keys.count) keys for \(vectors.rows) vectors")
    let references = modality == .molecule ? texts : molecules
    return references.means(vectors, keys: keys, nearest: configuration.neighbors).map {
      -configuration.weight * $0
    }
  }
}

extension HubReferences {
  /// What an item's score is pulled away from: its offset is −(item · pull); [1, d].
  func pull(
    on item: Matrix, key: UInt64, modality: Modality, configuration: HubnessConfiguration
  ) -> Matrix {
    let references = modality == .molecule ? texts : molecules
    let center = references.center(near: item, key: key, nearest: configuration.neighbors)
    return Matrix(
      rows: 1, columns: center.columns, values: center.values.map { configuration.weight * $0 })
  }

  /// The offsets of the texts and of the pool of a ranking.
  func offsets(
    texts: Matrix, pool: Matrix, keys: RankingTask.Keys, configuration: HubnessConfiguration
  ) -> Evaluation.Offsets {
    Evaluation.Offsets(
      texts: offsets(
        of: texts, keys: keys.texts, modality: .text, configuration: configuration),
      pool: offsets(
        of: pool, keys: keys.pool, modality: .molecule, configuration: configuration))
  }
}

extension FeatureCounts {
  /// A hash of keys and counts: equal for items that the model cannot tell apart.
  var contentKey: UInt64 {
    var hash = FeatureHash(kind: 0)
    for (key, count) in zip(keys, counts) {
      hash.combine(key)
      hash.combine(UInt64(count))
    }
    return hash.key
  }
}

extension MoleculeFeatures {
  /// Equal for molecules of the same structure.
  var contentKey: UInt64 { substructures.contentKey }
}
