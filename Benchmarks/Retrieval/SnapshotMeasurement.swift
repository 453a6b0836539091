import Foundation
import Retrieval
import Tensor

/// How long an index of a million 16-bit vectors takes to write and to read.
struct SnapshotMeasurement {
  let folder: String
  let dimension: Int

  func run() throws {
    let rows = 1_000_000
    var random = RandomSource(seed: 1)
    let bits = (0..<rows * dimension / 4).flatMap { _ in
      let word = random.next() & 0x3bff_3bff_3bff_3bff
      return (0..<4).map { UInt16(truncatingIfNeeded: word >> UInt64(16 * $0)) }
    }
    let padding = [UInt16](repeating: 0, count: rows * dimension - bits.count)
    let index = try ExactIndex(
      ids: (0..<Int64(rows)).map { $0 },
      vectors: HalfMatrix(rows: rows, columns: dimension, bits: bits + padding))
    let path = folder + "/index.snapshot"
    let write = try timed { try IndexSnapshot.write(index, header: [], to: path) }.seconds
    var reads: [Double] = []
    for _ in 0..<5 {
      let (found, seconds) = try timed { try IndexSnapshot.read(path) }
      precondition(found.index.count == rows)
      reads.append(seconds)
    }
    try FileManager.default.removeItem(atPath: path)
    report([
      "what": "snapshot", "rows": rows, "dimension": dimension, "write": write,
      "read": median(reads), "best": reads.min() ?? 0,
    ])
  }
}
