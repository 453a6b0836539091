package import Tensor

/// Texts side by side as runs of tokens, without padding.
package struct TokenBatch: Sendable {
  /// The tokens of each text; none is empty.
  package let texts: Segments
  /// All tokens; [T].
  package let tokens: [Int]
  /// The row of the place embedding of each token; [T].
  package let places: [Int]
  /// The position of each token in its text, from 0; [T].
  package let positions: [Int32]

  /// Joins texts in order.
  package init(_ texts: some Collection<SubwordText>) {
    self.texts = Segments(lengths: texts.map(\.tokens.count))
    var tokens: [Int] = []
    var places: [Int] = []
    var positions: [Int32] = []
    tokens.reserveCapacity(self.texts.rowCount)
    places.reserveCapacity(self.texts.rowCount)
    positions.reserveCapacity(self.texts.rowCount)
    for text in texts {
      for token in text.tokens { tokens.append(Int(token)) }
      for place in text.places { places.append(Int(place.rawValue)) }
      for position in text.tokens.indices { positions.append(Int32(position)) }
    }
    self.tokens = tokens
    self.places = places
    self.positions = positions
  }
}
