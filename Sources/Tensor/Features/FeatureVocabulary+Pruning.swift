extension FeatureVocabulary {
  /// The features that weigh most in the items, `limit` of them; all of them if there are no more.
  ///
  /// A feature's weight is the sum of its squared entries in the items' rows. Features that occur
  /// in the same items tell them apart no better than one of them: the heaviest stays for all, with
  /// the weights of all, and the root of the sum of their squared inverse document frequencies.
  func pruned(to limit: Int, for items: [FeatureCounts]) -> FeatureVocabulary {
    precondition(limit > 0, "\(limit) features")
    if count <= limit { return self }
    let occurrences = Occurrences(of: matrix(for: items))
    var weights = occurrences.weights
    var squares = inverseDocumentFrequencies.map { $0 * $0 }
    var heaviest: [UInt64: Int] = [:]
    var distinct: [Int] = []
    for column in Self.byFallingWeight(Array(0..<count), weights) {
      if let same = heaviest[occurrences.places[column]] {
        weights[same] += weights[column]
        squares[same] += squares[column]
      } else {
        heaviest[occurrences.places[column]] = column
        distinct.append(column)
      }
    }
    let kept = Self.byFallingWeight(distinct, weights).prefix(limit).sorted()
    guard
      let pruned = FeatureVocabulary(
        keys: kept.map { keys[$0] },
        inverseDocumentFrequencies: kept.map { squares[$0].squareRoot() }, weighting: weighting)
    else { preconditionFailure("some of distinct keys are distinct") }
    return pruned
  }

  /// Columns of equal weight stay in their order.
  private static func byFallingWeight(_ columns: [Int], _ weights: [Double]) -> [Int] {
    columns.sorted { (weights[$1], $0) < (weights[$0], $1) }
  }

  /// Where, and how heavily, each column of a matrix occurs.
  private struct Occurrences {
    /// The sum of each column's squared entries.
    var weights: [Double]
    /// Equal for columns with entries in the same rows: a sum of random numbers, one a row.
    var places: [UInt64]

    init(of matrix: SparseMatrix) {
      weights = [Double](repeating: 0, count: matrix.columns)
      places = [UInt64](repeating: 0, count: matrix.columns)
      var random = RandomSource(seed: 0)
      for row in 0..<matrix.rows {
        let mark = random.next()
        for entry in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
          let (column, value) = (Int(matrix.columnIndices[entry]), Double(matrix.values[entry]))
          weights[column] += value * value
          places[column] &+= mark
        }
      }
    }
  }
}
