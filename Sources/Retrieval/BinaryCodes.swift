public import Tensor

/// One bit for every value of a rotated vector: what is stored beside a vector in a database.
///
/// Codes depend on the vector alone: no centre, no other rows, one fixed seed. So rows written at
/// different times can be compared. The signs are those of ``OrthogonalRotation``, whose sums have
/// one order on every machine.
public enum BinaryCodes {
  /// Changes whenever the codes of a vector do.
  public static let version = 1
  /// The seed of the rotation.
  public static let seed: UInt64 = 0x4c69_6761_7475_7265

  /// Bytes of a code for vectors of d values: ⌈d/64⌉ · 8.
  public static func bytes(dimension: Int) -> Int { (dimension + 63) / 64 * 8 }

  /// The codes of all rows, one after the other.
  ///
  /// Bit i of a code, lowest first, is set when rotated value i is not negative. O(d log d) a row.
  public static func codes(of vectors: HalfMatrix) -> [UInt8] {
    if vectors.columns == 0 { return [] }
    let rotation = OrthogonalRotation(dimension: vectors.columns, seed: seed)
    let stored = StoredVectors(.half(vectors))
    var codes: [UInt8] = []
    codes.reserveCapacity(vectors.rows * bytes(dimension: vectors.columns))
    for start in stride(from: 0, to: vectors.rows, by: 16_384) {
      let rows = start..<min(start + 16_384, vectors.rows)
      codes += rotation(stored.widened(rows: rows)).packedSigns()
    }
    return codes
  }
}
