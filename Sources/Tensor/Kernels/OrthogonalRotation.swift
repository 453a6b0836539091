import CKernels

/// A pseudo-random rotation of vectors in O(d log d): lengths and inner products stay what they are.
///
/// Four rounds of random signs and a fast Walsh–Hadamard transform, on the first and the last 2ⁿ
/// values in turns, with both halves mixed in between unless 2ⁿ is all. After it the values of any
/// vector are spread like those of a random direction, which is what one-bit codes need.
///
/// Source: Gao & Long, "RaBitQ", SIGMOD 2024, section 3.1.2 asks for a random rotation; the
/// structure is that of their library's "FHT–Kac" rotator, after Kac's walk. Here the sequence of
/// signs is fixed by seed and dimension, so that codes can be stored.
public struct OrthogonalRotation: Sendable, Equatable {
  /// Values of a vector before the rotation, d.
  public let dimension: Int
  /// Values after it: d rounded up to a multiple of 64.
  public let padded: Int
  /// What the signs were drawn with.
  public let seed: UInt64
  /// ±1; [rounds, padded].
  private let signs: [Float]

  private static let rounds = 4

  /// The rotation that belongs to a dimension, at least 1, and a seed.
  public init(dimension: Int, seed: UInt64) {
    precondition(dimension > 0, "rotation of \(dimension) values")
    self.dimension = dimension
    self.seed = seed
    padded = (dimension + 63) / 64 * 64
    var source = RandomSource(seed: seed)
    var signs: [Float] = []
    signs.reserveCapacity(Self.rounds * padded)
    while signs.count < Self.rounds * padded {
      let bits = source.next()
      for bit in 0..<64 { signs.append(bits >> UInt64(bit) & 1 == 0 ? 1 : -1) }
    }
    self.signs = signs
  }

  /// Every row rotated; [rows, padded].
  ///
  /// Rows run in parallel.
  public func callAsFunction(_ rows: Matrix) -> Matrix {
    precondition(rows.columns == dimension, "\(rows.columns) columns, not \(dimension)")
    return unsafe Matrix(uninitializedRows: rows.rows, columns: padded) { target in
      unsafe rows.values.withBase { source in
        unsafe signs.withBase { signs in
          Kernels.forEachRange(rows.rows, by: Kernels.rowTile(width: padded)) { start, end in
            unsafe lig_rotate_rows(
              target + start * padded, source + start * dimension, end - start, dimension, padded,
              signs, Self.rounds)
          }
        }
      }
    }
  }
}

extension Matrix {
  /// A bit for every value, set when it is not negative, lowest bit first; `columns / 8` bytes a row.
  ///
  /// The number of columns is a multiple of 64.
  public func packedSigns() -> [UInt8] {
    precondition(columns % 64 == 0, "\(columns) columns, not a multiple of 64")
    return unsafe [UInt8](unsafeUninitializedCapacity: rows * columns / 8) { target, count in
      count = rows * columns / 8
      guard let target = target.baseAddress else { return }
      unsafe values.withBase { source in
        Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
          unsafe lig_pack_sign_bits(
            target + start * columns / 8, source + start * columns, end - start, columns)
        }
      }
    }
  }
}
