/// Longest spellings of molecules and texts, in UTF-8 bytes.
package struct InputLimits: Sendable {
  package let smilesBytes: Int
  package let textBytes: Int

  /// Queries over HTTP and on the command line: far beyond any description, short enough to encode
  /// in milliseconds.
  package static let query = InputLimits(smilesBytes: 8 << 10, textBytes: 32 << 10)

  /// Rows of a corpus: beyond any protein and any article.
  ///
  /// A molecule in memory takes about 500 times the bytes of its SMILES.
  package static let item = InputLimits(smilesBytes: 64 << 10, textBytes: 1 << 20)

  /// The longest name of a property in UTF-8, which PostgreSQL's index over numbers holds.
  package static let propertyNameBytes = 1024
}
