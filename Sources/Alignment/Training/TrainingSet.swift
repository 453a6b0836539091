import Tensor

/// Pairs and pool as feature counts: what training needs of its files.
struct TrainingSet: Sendable {
  /// Features of each pair's molecule.
  let molecules: [MoleculeFeatures]
  /// Features of each pair's text.
  let texts: [FeatureCounts]
  /// The dev pairs and the pool they are ranked in.
  let dev: RankingTask

  /// Numbers equal molecules and equal texts.
  func groups() -> [PairGroups] {
    var moleculeNumbers = Interning()
    var textNumbers = Interning()
    return zip(molecules, texts).map { molecule, text in
      PairGroups(molecule: moleculeNumbers.number(of: molecule.substructures), text: textNumbers.number(of: text))
    }
  }
}

/// Numbers distinct feature counts by a 64-bit hash of their content.
private struct Interning {
  private var numbers: [UInt64: Int] = [:]

  mutating func number(of item: FeatureCounts) -> Int {
    var hash = FeatureHash(kind: 0)
    for (key, count) in zip(item.keys, item.counts) {
      hash.combine(key)
      hash.combine(UInt64(count))
    }
    if let known = numbers[hash.key] { return known }
    numbers[hash.key] = numbers.count
    return numbers.count - 1
  }
}
