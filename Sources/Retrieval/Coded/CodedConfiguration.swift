public import Tensor

/// How a coded index trades speed for certainty.
public struct CodedConfiguration: Sendable, Equatable, Codable {
  /// Bits that a code keeps of every value.
  public var bits: CodeBits
  /// How many standard deviations of an estimate a row may be underrated by and still be found.
  ///
  /// A row just at the threshold is missed in 0.8 % of cases at 2.4, in 3 % at 1.9 (the value of Gao
  /// & Long 2024, section 5.1) and in 10 % at 1.3; a better one more rarely.
  public var confidence: Float
  /// What the rotation is drawn with.
  public var seed: UInt64
  /// How many rows are used as queries to measure recall when the index is built.
  public var recallSample: Int

  /// The defaults, for recall@10 of at least 0.99.
  public init(
    bits: CodeBits = .one, confidence: Float = 2.4, seed: UInt64 = BinaryCodes.seed,
    recallSample: Int = 200
  ) {
    self.bits = bits
    self.confidence = confidence
    self.seed = seed
    self.recallSample = recallSample
  }
}
