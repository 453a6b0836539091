public import Records

extension Evaluation {
  /// Ranks a file of pairs against a pool file with a trained model.
  ///
  /// Hubs are held back as in a search; with a re-ranker of the model, the best candidates of each
  /// text are ordered anew. Rows that cannot be used are handed to `reject`, or thrown
  /// with `isStrict`; there must be at least one pair whose id is in the pool.
  /// - Throws: ``TrainingError/tooFewRows(file:found:needed:)``, ``EvaluationError`` and what
  ///   reading throws.
  public init(
    of model: AlignmentModel, reranker: Reranker? = nil, pairs: PairsFile, pool: String,
    isStrict: Bool = false,
    reject: (RejectedRecord) throws -> Void, progress: (Double) -> Void
  ) throws {
    let task = try RankingTask.read(
      pairs: pairs, pool: pool, keepingGraphs: model.configuration.graphView.isEnabled,
      isStrict: isStrict, reject: reject, progress: { progress(0.4 * $0) }
    )
    let first = try FirstRanking(task, model: model, depth: reranker?.depth ?? 1) {
      progress(0.4 + (reranker == nil ? 0.6 : 0.3) * $0)
    }
    guard let reranker else {
      self = first.evaluation
      return
    }
    self = first.evaluation.replacing(
      textToMolecule: reranker.ranks(
        first.ranks, task: task, candidates: first.candidates,
        progress: { progress(0.7 + 0.3 * $0) }))
  }
}
