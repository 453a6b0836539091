/// Why training could not start or go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Fewer usable rows than needed; the file, what was found, what is needed.
  case tooFewRows(file: String, found: Int, needed: Int)
  /// No feature is frequent enough to fit a view.
  case noFeatures(view: String)
  /// No two pairs differ in both molecule and text, so that no batch has a negative.
  case noBatch
  /// The loss or a weight is no longer a number; the last good state is kept.
  case diverged(epoch: Int, step: Int)

  /// A sentence for people.
  public var description: String {
    switch self {
    case .tooFewRows(let file, let found, let needed):
      "\(file): \(found) usable rows found, at least \(needed) needed"
    case .noFeatures(let view):
      "no feature of the \(view) view occurs often enough; "
        + "give more data or lower minimumDocumentFrequency"
    case .diverged(let epoch, let step):
      "the loss or a weight became NaN or infinite in epoch \(epoch), step \(step); "
        + "start again with a lower learningRate, after removing the .training folder or "
        + "with another --out"
    case .noBatch:
      "the pairs cannot form a batch: no two of them differ in both molecule and text"
    }
  }
}
