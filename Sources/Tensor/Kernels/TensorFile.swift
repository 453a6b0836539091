import Foundation

/// A file of raw tensor bytes, read and written without a second copy in memory.
///
/// Little-endian only, as the format and every machine this runs on are.
final class TensorFile {
  private let descriptor: Int32
  private let path: String

  enum Access {
    case reading
    case creating
  }

  init(path: String, access: Access) throws(SafetensorsError) {
    self.path = path
    descriptor =
      switch access {
      case .reading: unsafe open(path, O_RDONLY | O_CLOEXEC)
      case .creating: unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      }
    if descriptor < 0 { throw systemError() }
  }

  deinit { close(descriptor) }

  func byteCount() throws(SafetensorsError) -> Int {
    let end = lseek(descriptor, 0, SEEK_END)
    if end < 0 { throw systemError() }
    return Int(end)
  }

  /// Appends the bytes of an array of plain numbers.
  func write<Element: BitwiseCopyable>(_ elements: [Element]) throws(SafetensorsError) {
    let failed: Bool = unsafe elements.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = unsafe Foundation.write(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return true }
        done += count
      }
      return false
    }
    if failed { throw systemError() }
  }

  /// Forces written bytes to the disk.
  func synchronize() throws(SafetensorsError) {
    if fsync(descriptor) != 0 { throw systemError() }
  }

  /// Reads `count` numbers from a byte offset.
  func read<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ type: Element.Type, count: Int, at offset: Int
  ) throws(SafetensorsError) -> [Element] {
    var reached = 0
    var failure: Int32 = 0
    let wanted = count * MemoryLayout<Element>.stride
    let elements = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      while reached < wanted {
        let got = unsafe pread(
          descriptor, bytes.baseAddress.map { unsafe $0 + reached }, wanted - reached,
          off_t(offset + reached))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 {
          failure = got < 0 ? errno : 0
          break
        }
        reached += got
      }
      initialized = reached / MemoryLayout<Element>.stride
    }
    if failure != 0 { throw systemError(failure) }
    if reached < wanted {
      throw SafetensorsError(
        path: path, reason: .truncated(expected: offset + wanted, found: offset + reached))
    }
    return elements
  }

  private func systemError(_ code: Int32 = errno) -> SafetensorsError {
    SafetensorsError(path: path, reason: .system(unsafe String(cString: strerror(code))))
  }
}
