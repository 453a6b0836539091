/// How a teacher's similarities enter the loss.
///
/// Source: Hinton, Vinyals, Dean 2015, section 2, over the similarities of a batch.
public struct DistillationConfiguration: Sendable, Equatable, Codable {
  /// The weight of the divergence beside the contrastive loss.
  public var weight: Float = 1
  /// What the student's cosines are divided by.
  public var temperature: Float = 0.05
  /// What the teacher's cosines are divided by.
  public var teacherTemperature: Float = 0.05

  /// The measured defaults.
  public init() {}
}
