/// What training a re-ranker tells about itself while it works.
public enum RerankEvent: Sendable {
  /// A stage advanced; `share` is 0...1.
  case stage(RerankStage, share: Double)
  /// A stage is done after so many seconds.
  case stageFinished(RerankStage, seconds: Double)
  /// Rows were read; rejected ones went to the rejects file, if there is one.
  case dataRead(pairs: Int, dev: Int, pool: Int, rejected: Int, rejectsFile: String?)
  /// So many pairs of all have their molecule among the candidates of the first stage, and it
  /// ranks them so.
  case candidates(pairs: Int, of: Int, ranks: RankingMetrics)
  /// An epoch is done.
  case epoch(RerankEpochReport)
}

/// The stages before the first epoch, and the epochs.
public enum RerankStage: String, Sendable {
  /// Reading files, parsing SMILES, counting features.
  case reading
  /// Finding the candidates of the dev texts.
  case dev = "dev candidates"
  /// Training first stages without a part of the pairs and finding that part's candidates.
  case candidates
  /// Choosing tokens.
  case tokens
  /// Training.
  case training
}

/// One finished epoch.
public struct RerankEpochReport: Sendable {
  /// The epoch, from 1.
  public let epoch: Int
  /// Epochs in all.
  public let epochs: Int
  /// Mean loss over its batches.
  public let loss: Float
  /// The same of the first stage's scores alone.
  public let lossWithout: Float
  /// What the first stage's score is multiplied by, against the logit.
  public let scale: Float
  /// How dev texts rank the pool with it.
  public let dev: RankingMetrics
  /// Seconds it took, evaluation included.
  public let seconds: Double
}
