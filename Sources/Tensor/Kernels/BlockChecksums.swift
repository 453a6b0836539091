import CKernels

/// CRC-32C of blocks of 8 MiB, the last one shorter: what all cores can compute side by side.
package enum BlockChecksums {
  /// Bytes of a block.
  package static let blockBytes = 8 << 20

  /// The number of blocks of some bytes.
  package static func count(bytes: Int) -> Int { (bytes + blockBytes - 1) / blockBytes }

  /// One for every block of the array's bytes; blocks run in parallel.
  package static func of<Element: BitwiseCopyable>(_ values: [Element]) -> [UInt32] {
    let bytes = values.count * MemoryLayout<Element>.stride
    var sums = [UInt32](repeating: 0, count: count(bytes: bytes))
    unsafe sums.withMutableBase { sums in
      unsafe values.withBase { values in
        let source = unsafe UnsafeRawPointer(values)
        Kernels.forEachRange(bytes, by: blockBytes) { start, end in
          unsafe sums[start / blockBytes] = lig_crc32c(source + start, end - start)
        }
      }
    }
    return sums
  }

  /// CRC-32C of some bytes in memory.
  static func checksum(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt32 {
    unsafe lig_crc32c(bytes, count)
  }

  /// CRC-32C of all bytes as one block.
  package static func whole(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0
    unsafe bytes.withBase { sum = unsafe lig_crc32c($0, bytes.count) }
    return sum
  }

  /// The same by the plain path, for tests.
  package static func wholePortable(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0
    unsafe bytes.withBase { sum = unsafe lig_crc32c_portable($0, bytes.count) }
    return sum
  }
}
