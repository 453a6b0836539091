package import Digest

/// A key as a client has it: `lig_` + a prefix that finds its row + `_` + a secret of 256 random bits.
package struct APIKey: Sendable {
  /// Twelve letters and digits; shown in lists.
  package let prefix: String
  /// 64 hexadecimal digits.
  private let secret: String

  /// What the client sends.
  package var text: String { "lig_\(prefix)_\(secret)" }

  /// Draws a key from the system's source of random numbers.
  package static func random() -> APIKey {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let prefix = String((0..<12).map { _ in letters[Int.random(in: 0..<36, using: &generator)] })
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    return APIKey(prefix: prefix, secret: SHA256Digest(bytes: bytes).hexadecimal)
  }

  private init(prefix: String, secret: String) {
    self.prefix = prefix
    self.secret = secret
  }

  /// Takes a key apart; nil for a text that cannot be one.
  package init?(_ text: String) {
    guard let match = text.wholeMatch(of: #/lig_([0-9a-z]{12})_([0-9a-f]{64})/#) else { return nil }
    self.init(prefix: String(match.1), secret: String(match.2))
  }

  /// SHA-256 of a salt and the secret.
  package func hash(salt: [UInt8]) -> SHA256Digest {
    SHA256Digest.of(bytes: salt + Array(secret.utf8))
  }
}
