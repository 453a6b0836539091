package import TextEncoder

/// The sequence view and its vocabulary.
package struct SequenceViewConfiguration: Sendable, Equatable, Codable {
  /// How sub-words are learned from the training texts.
  package var vocabulary = SubwordVocabulary.Configuration()
  /// The transformer over them.
  package var encoder = SequenceEncoder.Configuration()

  /// The default sizes.
  package init() {}
}
