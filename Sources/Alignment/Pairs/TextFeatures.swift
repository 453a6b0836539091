package import MoEBackbone
package import Tensor
import TextEncoder

/// What the views of a text are made of.
package struct TextFeatures: Sendable, Equatable {
  /// Words, word pairs and character n-grams (``LexicalFeatures``).
  package let lexical: FeatureCounts
  /// The text itself, for views that read it in order.
  package let text: String
  /// What kind of text it is.
  package let domain: Domain

  /// Counts the features of a text; linear in its length.
  package init(of text: String, domain: Domain = .default) {
    var counter = LexicalFeatures.Counter()
    self.init(of: text, domain: domain, counter: &counter)
  }

  /// Counts the features of a text as one of many, in the storage of a counter.
  init(of text: String, domain: Domain, counter: inout LexicalFeatures.Counter) {
    self.init(lexical: counter.counts(of: text), text: text, domain: domain)
  }

  /// Features that are counted already.
  init(lexical: FeatureCounts, text: String, domain: Domain = .default) {
    self.lexical = lexical
    self.text = text
    self.domain = domain
  }

  /// How many words and symbols a text has.
  package static func tokenCount(of text: String) -> Int {
    TextTokenizer.tokenize(text).tokens.count
  }

  /// Equal for texts that the lexical view cannot tell apart.
  var contentKey: UInt64 { lexical.contentKey }
}
