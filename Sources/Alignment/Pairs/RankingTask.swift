import Records

/// Texts, a pool of molecules, and which molecule of the pool each text describes.
struct RankingTask: Sendable {
  /// Features of every molecule of the pool.
  let pool: [MoleculeFeatures]
  /// Features of each text.
  let texts: [TextFeatures]
  /// The pool row of each text's molecule.
  let answers: [Int]

  /// The content keys of the texts and of the pool.
  var keys: Keys { Keys(texts: texts.map(\.contentKey), pool: pool.map(\.contentKey)) }

  /// Content keys, one for each item.
  struct Keys: Sendable {
    let texts: [UInt64]
    let pool: [UInt64]
  }

  /// Reads a file of pairs and its pool; a pair's id names its molecule in the pool.
  ///
  /// Bad rows, pool rows whose id came before, and pairs whose id is not in the pool are handed to
  /// `reject`; with `isStrict` the first one throws.
  /// - Throws: ``TrainingError/tooFewRows(file:found:needed:)`` when no molecule or fewer than
  ///   `neededTexts` texts are usable, and what reading throws.
  static func read(
    pairs file: PairsFile, pool poolPath: String, neededTexts: Int = 1, keepingGraphs: Bool,
    isStrict: Bool,
    reject: (RejectedRecord) throws -> Void, progress: (Double) -> Void
  ) throws -> RankingTask {
    var pool: [MoleculeFeatures] = []
    var poolRows: [String: (row: Int, line: Int)] = [:]
    try FeaturizedReader(
      path: poolPath, keepsGraphs: keepingGraphs, required: .smiles, isStrict: isStrict
    ).read(
      accept: { record in
        guard let molecule = record.molecule else { return }
        if let first = poolRows[record.record.id] {
          let row = RejectedRecord.duplicate(
            record.record, path: poolPath, firstLine: first.line)
          if isStrict { throw RejectedRowError(row: row) }
          return try reject(row)
        }
        poolRows[record.record.id] = (pool.count, record.record.line)
        pool.append(molecule)
      }, reject: reject, progress: { progress(0.9 * $0) })
    var texts: [TextFeatures] = []
    var answers: [Int] = []
    let pairs = file.path
    try FeaturizedReader(
      path: pairs, domain: file.domain, required: .text, isStrict: isStrict
    ).read(
      accept: { record in
        guard let text = record.text else { return }
        guard let answer = poolRows[record.record.id] else {
          let id = record.record.id
          let row = RejectedRecord(
            record.record, path: pairs, field: "id", found: "'\(id)'",
            expected: "an id of \(poolPath)", raw: id)
          if isStrict { throw RejectedRowError(row: row) }
          return try reject(row)
        }
        texts.append(text)
        answers.append(answer.row)
      }, reject: reject, progress: { progress(0.9 + 0.1 * $0) })
    if pool.isEmpty { throw TrainingError.tooFewRows(file: poolPath, found: 0, needed: 1) }
    if texts.count < neededTexts {
      throw TrainingError.tooFewRows(file: pairs, found: texts.count, needed: neededTexts)
    }
    return RankingTask(pool: pool, texts: texts, answers: answers)
  }
}
