extension Array where Element: BitwiseCopyable {
  /// Passes a pointer to the values, a valid one even when there are none.
  func withBase(_ body: (UnsafePointer<Element>) -> Void) {
    unsafe withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress {
        unsafe body(base)
      } else {
        unsafe withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { spare in
          if let base = spare.baseAddress { unsafe body(UnsafePointer(base)) }
        }
      }
    }
  }

  /// Passes a pointer to the values for writing, a valid one even when there are none.
  mutating func withMutableBase(_ body: (UnsafeMutablePointer<Element>) -> Void) {
    unsafe withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress {
        unsafe body(base)
      } else {
        unsafe withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { spare in
          if let base = spare.baseAddress { unsafe body(base) }
        }
      }
    }
  }
}

extension Kernels {
  /// Passes uninitialised floats that live as long as the call.
  static func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let buffer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    unsafe body(buffer)
    unsafe buffer.deallocate()
  }
}
