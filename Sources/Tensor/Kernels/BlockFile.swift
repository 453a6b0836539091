import Foundation
import Synchronization

/// A file of arrays one after the other, read by all cores, each block checked as it arrives.
///
/// Numbers are little-endian, as every machine this runs on is.
package final class BlockFile: Sendable {
  private let file: OpenFile
  private let path: String

  /// Opens a file for reading.
  package init(reading path: String) throws(FileError) {
    self.path = path
    file = try OpenFile(path, O_RDONLY)
  }

  /// Makes an empty file, or empties one.
  package init(creating path: String) throws(FileError) {
    self.path = path
    file = try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
  }

  /// The file's length.
  package func byteCount() throws(FileError) -> Int {
    let end = lseek(file.descriptor, 0, SEEK_END)
    if end < 0 { throw FileError(path: path, code: errno) }
    return Int(end)
  }

  /// Adds the bytes of an array at the end.
  package func write<Element: BitwiseCopyable>(_ values: [Element]) throws(FileError) {
    let failure: Int32 = unsafe values.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let size = min(bytes.count - done, 1 << 30)
        let count = unsafe Foundation.write(
          file.descriptor, bytes.baseAddress.map { unsafe $0 + done }, size)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return 0
    }
    if failure != 0 { throw FileError(path: path, code: failure) }
  }

  /// Forces what was written to the disk.
  package func synchronize() throws(FileError) {
    if fsync(file.descriptor) != 0 { throw FileError(path: path, code: errno) }
  }

  /// Reads an array whose blocks have the given checksums; nil when one has not, or the file ends.
  ///
  /// Blocks run in parallel. `offset` counts bytes.
  package func read<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int, at offset: Int, checksums: [UInt32]
  ) throws(FileError) -> [Element]? {
    let bytes = count * MemoryLayout<Element>.stride
    if checksums.count != BlockChecksums.count(bytes: bytes) { return nil }
    let failure = Atomic<Int32>(0)
    let isDamaged = Atomic(false)
    let values = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = UnsafeMutableRawBufferPointer(buffer)
      Kernels.forEachRange(bytes, by: BlockChecksums.blockBytes) { start, end in
        let block = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start..<end])
        switch unsafe fill(block, at: offset + start) {
        case .some(0):
          let found = unsafe BlockChecksums.of(block)
          if found != checksums[start / BlockChecksums.blockBytes] {
            isDamaged.store(true, ordering: .relaxed)
          }
        case .some(let code): failure.store(code, ordering: .relaxed)
        case nil: isDamaged.store(true, ordering: .relaxed)
        }
      }
      let isWhole =
        failure.load(ordering: .relaxed) == 0 && !isDamaged.load(ordering: .relaxed)
      initialized = isWhole ? count : 0
    }
    let code = failure.load(ordering: .relaxed)
    if code != 0 { throw FileError(path: path, code: code) }
    return isDamaged.load(ordering: .relaxed) ? nil : values
  }

  /// Reads bytes without checksums; fewer when the file ends.
  package func read(bytes count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let got = unsafe pread(
          file.descriptor, buffer.baseAddress.map { unsafe $0 + initialized },
          count - initialized, off_t(offset + initialized))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        initialized += got
      }
    }
    if failure != 0 { throw FileError(path: path, code: failure) }
    return values
  }

  /// Fills a block from the file: 0, the system's error, or nil where the file ends.
  private func fill(_ block: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32? {
    var done = 0
    while done < block.count {
      let got = unsafe pread(
        file.descriptor, block.baseAddress.map { unsafe $0 + done }, block.count - done,
        off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      if got < 0 { return errno }
      if got == 0 { return nil }
      done += got
    }
    return 0
  }
}

extension BlockChecksums {
  /// CRC-32C of a block that has just been read.
  fileprivate static func of(_ block: UnsafeMutableRawBufferPointer) -> UInt32 {
    guard let base = block.baseAddress else { return 0 }
    return unsafe checksum(UnsafeRawPointer(base), block.count)
  }
}
