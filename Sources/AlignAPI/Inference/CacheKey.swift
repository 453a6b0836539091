import Alignment
import Digest
import Molecule
import TextEncoder

/// The SHA-256 of what a cached value was made from.
///
/// Never a statistic of numbers, which different inputs may share.
struct CacheKey: Hashable, Sendable {
  private let words: InlineWords

  private struct InlineWords: Hashable, Sendable {
    let a: UInt64
    let b: UInt64
    let c: UInt64
    let d: UInt64
  }

  init(_ digest: SHA256Digest) {
    func word(_ place: Int) -> UInt64 {
      digest.bytes[8 * place..<8 * place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    words = InlineWords(a: word(0), b: word(1), c: word(2), d: word(3))
  }

  // A part of a SHA-256 is as good a hash as any.
  func hash(into hasher: inout Hasher) { hasher.combine(words.a) }

  /// The key of a query's embedding by a model; nil for a vector, which is its own.
  ///
  /// Of a text, its normal form as the encoder reads it; of a molecule, its canonical SMILES.
  init?(_ query: SearchQuery, model checksum: SHA256Digest) {
    var hasher = SHA256Hasher()
    hasher.update(checksum.bytes)
    switch query {
    case .text(let text):
      hasher.update([UInt8(ascii: "t")])
      hasher.update(TextNormalizer.normalizedUTF8(text))
    case .molecule(let graph):
      hasher.update([UInt8(ascii: "m")])
      hasher.update(Array(graph.canonicalSMILES().utf8))
    case .vector: return nil
    }
    self.init(hasher.finalize())
  }

  /// The key of an answer: of all that the request says and of the picture it is asked of.
  ///
  /// Unlike an embedding, the answer by words depends on the text as it is spelled.
  init(_ request: SearchRequest, picture: UInt64) {
    var hasher = SHA256Hasher()
    let parts = [
      request.fullSignature, "\(request.count)", "\(request.diversity.bitPattern)",
      "\(request.groupsByScaffold)", request.cursor?.text ?? "", "\(picture)",
    ]
    hasher.update(Array(parts.joined(separator: "\u{0}").utf8))
    self.init(hasher.finalize())
  }
}
