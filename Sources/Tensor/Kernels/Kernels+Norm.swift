import CKernels

extension Matrix {
  /// Σ x², summed in tiles on all cores and then in the order of the tiles.
  func squaredNorm() -> Double {
    let count = values.count
    let tile = Kernels.elementTile
    return unsafe values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      nonisolated(unsafe) let x = unsafe base
      return Parallel.map((count + tile - 1) / tile, by: 1) { piece in
        let start = piece * tile
        return unsafe lig_dot(x + start, x + start, min(tile, count - start))
      }.reduce(0, +)
    }
  }
}
