import Tensor

extension MolecularGraph {
  /// The identity of a molecule in 64 bits, from its canonical SMILES with stereo and isotopes.
  ///
  /// Equal for all spellings; atom classes do not count. The text is hashed in words of eight bytes,
  /// little-endian, the last one padded with zeros, after its length (``FeatureHash``, which never
  /// changes). Among a hundred million molecules the chance of any collision is about 3 · 10⁻⁴.
  public var moleculeKey: UInt64 {
    Self.moleculeKey(of: canonicalText([.stereo, .isotopes]))
  }

  /// The key of a canonical SMILES that was written with stereo and isotopes and nothing else.
  public static func moleculeKey(of canonical: [UInt8]) -> UInt64 {
    var hash = FeatureHash(kind: 0x6b65_79)
    hash.combine(canonical.count)
    var word: UInt64 = 0
    for (index, byte) in canonical.enumerated() {
      word |= UInt64(byte) << UInt64(8 * (index % 8))
      if index % 8 == 7 {
        hash.combine(word)
        word = 0
      }
    }
    if canonical.count % 8 != 0 { hash.combine(word) }
    return hash.key
  }
}
