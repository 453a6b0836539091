/// What a training run tells about itself while it works.
public enum TrainingEvent: Sendable {
  /// A stage before training proper advanced; `share` is 0...1.
  case stage(TrainingStage, share: Double)
  /// A stage is done after so many seconds.
  case stageFinished(TrainingStage, seconds: Double)
  /// Rows were read; rejected ones went to the rejects file, if there is one.
  case dataRead(pairs: Int, dev: Int, pool: Int, rejected: Int, rejectsFile: String?)
  /// A step of an epoch is done.
  case step(TrainingStepReport)
  /// An epoch is done.
  case epoch(TrainingEpochReport)
  /// A run continues after so many finished epochs.
  case resumed(epoch: Int)
  /// The dev MRR has not risen for `patience` evaluations.
  case stoppedEarly(epoch: Int)
}

/// The stages before the first epoch.
public enum TrainingStage: String, Sendable {
  /// Reading files, parsing SMILES, counting features.
  case reading
  /// Fitting the molecule view.
  case moleculeView
  /// Fitting the view of exact numbers and named groups.
  case structureView
  /// Fitting the text view.
  case textView
  /// Fitting the views by regression into the other modality.
  case ridgeViews
  /// Learning the sub-words of the sequence view.
  case subwords
  /// Linking texts to the knowledge graph.
  case knowledge
  /// Projecting pairs, dev and pool.
  case projecting

  /// Does the stage's work and reports its start and end.
  func timed<Result>(
    _ report: (TrainingEvent) -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    report(.stage(self, share: 0))
    let result = try body()
    report(.stageFinished(self, seconds: (.now - start) / .seconds(1)))
    return result
  }
}

/// One step of an epoch.
public struct TrainingStepReport: Sendable {
  /// The epoch, from 1, and how many there are.
  public let epoch: Int
  /// Epochs in all.
  public let epochs: Int
  /// Steps done in this epoch, from 1.
  public let step: Int
  /// Steps in this epoch.
  public let steps: Int
  /// The mean loss of this epoch so far.
  public let loss: Float
  /// Pairs a second since this process started training.
  public let pairsPerSecond: Double
  /// Seconds to the end, were every epoch to take as long as those seen.
  public let secondsLeft: Double
  /// The best dev MRR so far, if there is one.
  public let devMRR: Double?
}

/// One finished epoch: a line of metrics.jsonl.
public struct TrainingEpochReport: Sendable, Codable {
  /// The epoch, from 1.
  public let epoch: Int
  /// Mean loss over its batches.
  public let loss: Float
  /// Learning rate of its last step.
  public let learningRate: Float
  /// Learned scale (1/temperature) at its end.
  public let scale: Float
  /// Mean gradient norm before clipping.
  public let gradientNorm: Double
  /// Pairs trained a second.
  public let pairsPerSecond: Double
  /// Seconds it took, evaluation included.
  public let seconds: Double
  /// Dev metrics, in epochs that were evaluated.
  public let dev: Evaluation?
  /// What the experts of each block did; nil without a backbone.
  public let experts: [ExpertReport]?

  enum CodingKeys: String, CodingKey {
    case epoch
    case loss
    case learningRate = "learning_rate"
    case scale
    case gradientNorm = "gradient_norm"
    case pairsPerSecond = "pairs_per_second"
    case seconds
    case dev
    case experts
  }
}
