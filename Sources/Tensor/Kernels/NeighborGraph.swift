import CHNSW
import CKernels
import Foundation
import Synchronization

/// A graph of near neighbours over the rows of a matrix, under the inner product: hnswlib's.
///
/// Source: Malkov & Yashunin, "Efficient and robust approximate nearest neighbor search using
/// hierarchical navigable small world graphs", TPAMI 2020. Among rows it is made with one more
/// coordinate that makes all equally long (Bachrach et al., "Speeding up the Xbox recommender system",
/// RecSys 2014, section 3.1), for neighbours under the inner product alone make poor graphs. Threads link rows in side by side, so two
/// graphs of the same rows may differ.
///
/// `@unchecked Sendable`: the graph is complete when an initialiser returns, and hnswlib's searches
/// change nothing but counters that nobody reads and lists of visited rows, under a lock of its own.
@safe
package final class NeighborGraph: @unchecked Sendable {
  /// The rows that it links.
  package let vectors: HalfMatrix
  private let graph: OpaquePointer

  /// Links all rows; nil when memory is short.
  ///
  /// A row gets `links` in an upper layer, twice as many in the lowest, chosen among `construction`
  /// candidates.
  package init?(vectors: HalfMatrix, links: Int, construction: Int, seed: UInt64) {
    precondition(vectors.columns > 0 && vectors.rows < UInt32.max, "\(vectors.rows) rows")
    precondition(links > 1 && construction > 0, "\(links) links among \(construction) candidates")
    guard
      let made = unsafe ligature_hnsw_create(
        vectors.rows, vectors.columns, links, construction, Int(truncatingIfNeeded: seed >> 1))
    else { return nil }
    self.vectors = vectors
    unsafe graph = made
    let lengths = Self.squaredLengths(of: vectors)
    let longest = lengths.max() ?? 0
    let isShort = Atomic(false)
    unsafe vectors.bits.withBase { bits in
      let size = 256
      Parallel.forEach((vectors.rows + size - 1) / size) { piece in
        for row in piece * size..<min((piece + 1) * size, vectors.rows) {
          let rest = max(0, longest - lengths[row]).squareRoot()
          if unsafe ligature_hnsw_add(graph, bits, UInt32(row), rest) != 0 {
            isShort.store(true, ordering: .relaxed)
          }
        }
      }
    }
    if isShort.load(ordering: .relaxed) { return nil }
  }

  /// A graph of these rows that ``serialized()`` gave; nil when it is not one.
  package init?(vectors: HalfMatrix, serialized bytes: [UInt8]) {
    var made: OpaquePointer?
    unsafe bytes.withBase {
      unsafe made = ligature_hnsw_load($0, bytes.count, max(1, vectors.rows), vectors.columns)
    }
    guard let made = unsafe made else { return nil }
    self.vectors = vectors
    unsafe graph = made
    if unsafe ligature_hnsw_count(graph) != vectors.rows { return nil }
  }

  private static func squaredLengths(of vectors: HalfMatrix) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: vectors.rows) { target, count in
      count = vectors.rows
      guard let target = target.baseAddress else { return }
      let columns = vectors.columns
      unsafe vectors.bits.withBase { bits in
        Kernels.forEachRange(vectors.rows, by: Kernels.rowTile(width: columns)) { start, end in
          for row in start..<end {
            let values = unsafe bits + row * columns
            unsafe target[row] = lig_dot_halves(values, values, columns)
          }
        }
      }
    }
  }

  deinit { unsafe ligature_hnsw_destroy(graph) }

  /// Bytes of links and bookkeeping, without vectors.
  package var memoryBytes: Int { unsafe ligature_hnsw_memory(graph) }

  /// Links in hnswlib's own format, without vectors; nil when memory is short.
  package func serialized() -> [UInt8]? {
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = unsafe ligature_hnsw_save(graph, &bytes)
    defer { unsafe free(bytes) }
    guard let bytes = unsafe bytes else { return nil }
    return unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Rows near each query [Q, columns], at most `breadth`, in no order; queries run in parallel.
  ///
  /// Fewer when the walk meets fewer, or memory is short.
  package func neighbors(of queries: Matrix, breadth: Int) -> [[Int32]] {
    precondition(
      queries.columns == vectors.columns, "queries of \(queries.columns), not \(vectors.columns)")
    let breadth = min(breadth, vectors.rows)
    if breadth <= 0 { return Array(repeating: [], count: queries.rows) }
    return Parallel.map(queries.rows, by: 1) { query in
      unsafe [Int32](unsafeUninitializedCapacity: breadth) { target, count in
        unsafe vectors.bits.withBase { bits in
          unsafe queries.values.withBase { values in
            guard let base = target.baseAddress else { return }
            let found = unsafe UnsafeMutableRawPointer(base).withMemoryRebound(
              to: UInt32.self, capacity: breadth
            ) {
              unsafe ligature_hnsw_search(
                graph, bits, values + query * queries.columns, breadth, $0)
            }
            count = max(0, Int(found))
          }
        }
      }
    }
  }
}
