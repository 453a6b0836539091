import Knowledge

/// Pairs and pool as feature counts: what training needs of its files.
struct TrainingSet: Sendable {
  /// Features of each pair's molecule.
  let molecules: [MoleculeFeatures]
  /// Features of each pair's text.
  let texts: [TextFeatures]
  /// The knowledge graph of the run; nil without one.
  let graph: KnowledgeGraph?
  /// The dev pairs and the pool they are ranked in.
  let dev: RankingTask

  /// Numbers equal molecules and equal texts.
  func groups() -> [PairGroups] {
    var moleculeNumbers = Interning()
    var textNumbers = Interning()
    return zip(molecules, texts).map { molecule, text in
      PairGroups(
        molecule: moleculeNumbers.number(of: molecule.contentKey),
        text: textNumbers.number(of: text.contentKey))
    }
  }
}

/// Numbers distinct contents, by their keys, in the order they come.
private struct Interning {
  private var numbers: [UInt64: Int] = [:]

  mutating func number(of key: UInt64) -> Int {
    if let known = numbers[key] { return known }
    numbers[key] = numbers.count
    return numbers.count - 1
  }
}
