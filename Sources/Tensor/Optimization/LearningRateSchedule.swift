import Foundation

/// Linear warm-up, then half a cosine to zero (Loshchilov & Hutter 2017, equation 5, one cycle).
public struct LearningRateSchedule: Sendable, Equatable {
  /// The highest rate.
  public let peak: Float
  /// Steps of linear warm-up, at least 0.
  public let warmupSteps: Int
  /// All steps, warm-up included.
  public let totalSteps: Int

  /// Fixes the schedule; `warmupSteps` may not exceed `totalSteps`.
  public init(peak: Float, warmupSteps: Int, totalSteps: Int) {
    precondition(
      warmupSteps >= 0 && totalSteps > 0 && warmupSteps <= totalSteps,
      "\(warmupSteps) warm-up steps of \(totalSteps)")
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// The rate of a step, counted from 0.
  public func rate(at step: Int) -> Float {
    if step < warmupSteps { return peak * Float(step + 1) / Float(warmupSteps) }
    let progress = Float(step - warmupSteps) / Float(max(1, totalSteps - warmupSteps))
    return peak * 0.5 * (1 + cos(.pi * min(1, progress)))
  }
}
