/// The one place where matrix storage meets raw pointers.
///
/// Every function checks shapes once at entry and splits its work into tiles whose bounds depend
/// on the shapes only, never on the number of threads, so that results are the same bits on any
/// number of cores.
enum Kernels {
  static func copy(
    _ source: [Float], from start: Int, count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    precondition(
      start >= 0 && count >= 0 && start + count <= source.count,
      "values \(start)..<\(start + count) of \(source.count)")
    unsafe source.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress {
        unsafe target.update(from: base + start, count: count)
      }
    }
  }

  /// Runs `body(start, end)` over contiguous pieces of `0..<count`, in parallel.
  static func forEachRange(_ count: Int, by size: Int, _ body: (Int, Int) -> Void) {
    let pieces = (count + size - 1) / size
    Parallel.forEach(pieces) { piece in
      body(piece * size, min((piece + 1) * size, count))
    }
  }

  /// Values per tile of an elementwise pass: large enough to outweigh the hand-over to a thread.
  static let elementTile = 1 << 16

  /// Rows per tile of a pass over rows of the given width.
  static func rowTile(width: Int) -> Int {
    max(1, elementTile / max(1, width))
  }
}
