/// A place in a text that names a term.
package struct Mention: Sendable, Hashable {
  /// The number of the term in its graph.
  package let term: Int
  /// Where the name stands, in UTF-8 bytes of the text as given.
  package let range: Range<Int>

  /// Pairs a term with a place.
  package init(term: Int, range: Range<Int>) {
    self.term = term
    self.range = range
  }
}
