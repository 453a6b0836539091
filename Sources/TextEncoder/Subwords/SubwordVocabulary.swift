import Tensor

/// Pieces of words, each a run of bytes, and how a text is cut into them.
///
/// Token 0 is the class token, tokens 1 to 256 are the single bytes, the others were learned
/// (``init(learnedFrom:configuration:)``). A word is cut greedily into the longest pieces from its
/// start, as WordPiece does (Wu et al. 2016, section 4.1), over pieces found as byte-pair encoding
/// finds them. Since every byte is a piece nothing is ever unknown or dropped: the pieces of a text
/// spell its normal form, see ``SubwordText``.
package struct SubwordVocabulary: Sendable, Equatable {
  /// The token that stands for the whole text, first in every sequence.
  package static let classToken: Int32 = 0
  /// Tokens that every vocabulary has: the class token and the bytes.
  package static let baseCount = 257

  /// The learned pieces in the order they were learned; piece i is token `baseCount + i`.
  package let pieces: [[UInt8]]
  private let steps: KeyIndex
  /// The token that ends at each node of the tree of pieces, −1 for none.
  private let tokenAtNode: [Int32]

  /// A vocabulary of given pieces, each of at least two bytes and unlike the others.
  package init(pieces: [[UInt8]]) {
    precondition(Set(pieces).count == pieces.count, "a piece occurs twice")
    precondition(pieces.allSatisfy { $0.count > 1 }, "a piece of fewer than two bytes")
    self.pieces = pieces
    var steps = KeyIndex(minimumCapacity: 4 * pieces.count)
    var tokens: [Int32] = [-1]
    func add(_ piece: [UInt8], _ token: Int32) {
      var node = 0
      for byte in piece {
        node = steps.insert(Self.key(node, byte)) + 1
        if node == tokens.count { tokens.append(-1) }
      }
      tokens[node] = token
    }
    for byte in 0...255 { add([UInt8(byte)], Int32(byte) + 1) }
    for (index, piece) in pieces.enumerated() { add(piece, Int32(Self.baseCount + index)) }
    self.steps = steps
    tokenAtNode = tokens
  }

  /// The number of tokens.
  package var count: Int { Self.baseCount + pieces.count }

  /// The bytes of a token; none for the class token.
  package func bytes(of token: Int32) -> [UInt8] {
    if token == Self.classToken { return [] }
    if token < Self.baseCount { return [UInt8(token - 1)] }
    return pieces[Int(token) - Self.baseCount]
  }

  /// The longest piece at the start of a range of bytes, and where it ends.
  func longestPiece(in bytes: [UInt8], _ range: Range<Int>) -> (token: Int32, end: Int) {
    var node = 0
    var best = (token: Int32(bytes[range.lowerBound]) + 1, end: range.lowerBound + 1)
    for index in range {
      guard let step = steps.find(Self.key(node, bytes[index])) else { break }
      node = step + 1
      if tokenAtNode[node] >= 0 { best = (tokenAtNode[node], index + 1) }
    }
    return best
  }

  /// One step of the tree; an odd factor spreads the keys one to one.
  private static func key(_ node: Int, _ byte: UInt8) -> UInt64 {
    (UInt64(node) << 8 | UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
  }

  /// Whether both hold the same pieces in the same order.
  package static func == (a: SubwordVocabulary, b: SubwordVocabulary) -> Bool {
    a.pieces == b.pieces
  }
}
