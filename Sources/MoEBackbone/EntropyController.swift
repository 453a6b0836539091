import Foundation

/// Holds the routing entropy in a band by moving the router's temperature.
///
/// Entropy grows with temperature: logits far apart against τ send every token to few experts that
/// it is sure of, logits close together to any. Below the band the router has all but stopped
/// exploring; above it, experts cannot specialise. The controller aims at the centre: each step
/// log τ moves by gain · (centre − smoothed entropy), at most `largestStep`, and not at all within
/// the inner half of the band.
package struct EntropyController: Sendable, Equatable, Codable {
  /// The band and the constants of the control.
  package struct Configuration: Sendable, Equatable, Codable {
    /// The lower end of the band, 0...1.
    package var lower = 0.65
    /// The upper end of the band, 0...1.
    package var upper = 0.75
    /// How far log τ moves for an error of 1.
    package var gain = 0.5
    /// Weight of the past in the smoothed entropy, 0..<1.
    package var smoothing = 0.5
    /// The most that log τ moves in a step.
    package var largestStep = 0.2
    /// The lowest temperature.
    package var lowestTemperature = 0.01
    /// The highest temperature.
    package var highestTemperature = 100.0

    /// The band 0.65...0.75.
    package init() {}

    /// The words for the first thing that cannot be, or nothing.
    var problem: String? {
      if !(lower >= 0 && lower < upper && upper <= 1) { return "entropy band \(lower)...\(upper)" }
      if !(gain >= 0 && smoothing >= 0 && smoothing < 1 && largestStep >= 0) {
        return "entropy control: gain \(gain), smoothing \(smoothing), step \(largestStep)"
      }
      if !(lowestTemperature > 0 && lowestTemperature <= highestTemperature) {
        return "temperatures \(lowestTemperature)...\(highestTemperature)"
      }
      return nil
    }
  }

  /// The band and the constants of the control.
  package let configuration: Configuration
  /// ln τ.
  package private(set) var logTemperature = 0.0
  /// The smoothed entropy; nil before the first step.
  package private(set) var smoothedEntropy: Double?

  /// Starts at temperature 1.
  package init(configuration: Configuration) { self.configuration = configuration }

  /// τ.
  package var temperature: Float { Float(exp(logTemperature)) }

  /// Whether the smoothed entropy is in the band.
  package var isInBand: Bool {
    smoothedEntropy.map { $0 >= configuration.lower && $0 <= configuration.upper } ?? false
  }

  /// Takes in the entropy of a step, 0...1; what is not a number is passed over.
  package mutating func observe(entropy: Double) {
    guard entropy.isFinite else { return }
    let past = smoothedEntropy ?? entropy
    let smoothed = configuration.smoothing * past + (1 - configuration.smoothing) * entropy
    smoothedEntropy = smoothed
    let error = (configuration.lower + configuration.upper) / 2 - smoothed
    if abs(error) <= (configuration.upper - configuration.lower) / 4 { return }
    let largest = configuration.largestStep
    let step = min(largest, max(-largest, configuration.gain * error))
    logTemperature = min(
      log(configuration.highestTemperature),
      max(log(configuration.lowestTemperature), logTemperature + step))
  }
}
