import Foundation

/// Folds spellings of one thing together, so that "β‑1" in a paper meets "beta-1" in a query.
///
/// In order: Unicode compatibility forms (NFKD, UAX #15), lower case, removal of diacritics and of
/// invisible characters, the table in ``foldedSpelling(of:before:)``, recomposition (NFC), then one
/// space for each run of white space and none at the ends. At last the hyphen between the name of
/// a Greek letter and a digit is dropped, because "β1", "beta1" and "beta-1" are the same locant.
/// Normalising twice changes nothing. Checkpoints depend on every rule here.
public enum TextNormalizer {
  /// The normal form of a text; O(n).
  public static func normalize(_ text: String) -> String {
    String(decoding: normalizedUTF8(text), as: UTF8.self)
  }

  /// The UTF-8 bytes of the normal form of a text; O(n).
  public static func normalizedUTF8(_ text: String) -> [UInt8] {
    normalizedUTF8(text, reusing: [])
  }

  /// The normal form, in the storage of bytes that nobody else holds.
  static func normalizedUTF8(_ text: String, reusing storage: consuming [UInt8]) -> [UInt8] {
    var text = text
    text.makeContiguousUTF8()
    let utf8 = text.utf8Span
    var output = Output(reusing: consume storage, capacity: utf8.count + 16)
    if utf8.isKnownASCII {
      output.append(ascii: utf8.span)
    } else {
      appendMixed(utf8.span, to: &output)
    }
    _ = output.dropGreekHyphens()
    return output.finish()
  }

  /// Only runs outside ASCII need Unicode tables: no ASCII character combines with anything that
  /// survives the removal of diacritics.
  private static func appendMixed(_ bytes: Span<UInt8>, to output: inout Output) {
    var start = 0
    while start < bytes.count {
      let isASCII = bytes[start] < 0x80
      var end = start + 1
      while end < bytes.count, (bytes[end] < 0x80) == isASCII { end += 1 }
      let run = bytes.extracting(start..<end)
      if isASCII {
        output.append(ascii: run)
      } else {
        appendFolded(run, nextByte: end < bytes.count ? bytes[end] : nil, to: &output)
      }
      start = end
    }
  }

  /// Appends a run outside ASCII; `nextByte` is what follows it.
  static func appendFolded(
    _ run: Span<UInt8>, nextByte: UInt8?, to output: inout Output
  ) {
    let original = String(decoding: run.indices.map { run[$0] }, as: UTF8.self)
    // U+00B4 and its canonical equal U+1FFD would decompose to a space and an accent; as a
    // spelling it is a prime.
    let prepared = String(String.UnicodeScalarView(original.unicodeScalars.map(replacingAcute)))
    var scalars: [Unicode.Scalar] = []
    for scalar in prepared.decomposedStringWithCompatibilityMapping.unicodeScalars {
      for lower in scalar.properties.lowercaseMapping.unicodeScalars where !isDropped(lower) {
        scalars.append(lower)
      }
    }
    var folded = ""
    for (index, scalar) in scalars.enumerated() {
      let following =
        index + 1 < scalars.count ? scalars[index + 1] : nextByte.map(Unicode.Scalar.init)
      if let spelling = foldedSpelling(of: scalar, before: following) {
        folded += spelling
      } else {
        folded.unicodeScalars.append(scalar)
      }
    }
    for scalar in folded.precomposedStringWithCanonicalMapping.unicodeScalars {
      output.append(scalar)
    }
  }

  private static func replacingAcute(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar == "\u{00B4}" || scalar == "\u{1FFD}" ? "\u{2032}" : scalar
  }

  /// Diacritics of the Latin, Greek and Cyrillic scripts, and characters without a shape.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE00...0xFE0F,
      0xFE20...0xFE2F:
      true
    default:
      scalar.properties.generalCategory == .format
    }
  }
}
