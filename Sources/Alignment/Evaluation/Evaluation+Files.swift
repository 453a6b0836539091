public import Records

extension Evaluation {
  /// Ranks a file of pairs against a pool file with a trained model.
  ///
  /// Hubs are held back as in a search. Rows that cannot be used are handed to `reject`, or thrown
  /// with `isStrict`; there must be at least one pair whose id is in the pool.
  /// - Throws: ``TrainingError/tooFewRows(file:found:needed:)``, ``EvaluationError`` and what
  ///   reading throws.
  public init(
    of model: AlignmentModel, pairs: PairsFile, pool: String, isStrict: Bool = false,
    reject: (RejectedRecord) throws -> Void, progress: (Double) -> Void
  ) throws {
    let task = try RankingTask.read(
      pairs: pairs, pool: pool, keepingGraphs: model.configuration.graphView.isEnabled,
      isStrict: isStrict, reject: reject, progress: { progress(0.4 * $0) }
    )
    let poolVectors = model.encodeMolecules(features: task.pool)
    progress(0.8)
    let textVectors = model.encodeTexts(features: task.texts)
    try self.init(
      texts: textVectors, pool: poolVectors, answers: task.answers,
      offsets: model.hubReferences.map {
        $0.offsets(
          texts: textVectors, pool: poolVectors, keys: task.keys,
          configuration: model.configuration.hubness)
      })
    progress(1)
  }
}
