import Foundation

/// A file operation that the system refused.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder.
  package let path: String
  /// The system's error number.
  package let code: Int32

  /// The system's own words.
  package var words: String { unsafe String(cString: strerror(code)) }
  /// A sentence for people.
  package var description: String { "\(path): \(words)" }
  /// Whether there is nothing at the path.
  package var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
}

/// Files and folders that are whole after a crash: written, forced to the disk, then renamed.
package enum DurableFile {
  /// All bytes of a file.
  package static func read(_ path: String) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path, O_RDONLY)
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = unsafe Foundation.read(file.descriptor, &block, block.count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw FileError(path: path, code: errno) }
      if got == 0 { return bytes }
      bytes += block.prefix(got)
    }
  }

  /// Makes a file of some bytes, or replaces one, in one step.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = path + ".new"
    try append(bytes, to: temporary, flags: O_CREAT | O_TRUNC)
    try rename(temporary, to: path)
  }

  /// Adds bytes to the end of a file that exists.
  package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    try append(bytes, to: path, flags: O_APPEND)
  }

  /// Forces a file's bytes, or a folder's names, to the disk.
  package static func synchronize(_ path: String) throws(FileError) {
    let file = try OpenFile(path, O_RDONLY)
    if fsync(file.descriptor) != 0 { throw FileError(path: path, code: errno) }
  }

  /// Puts a finished file or folder in its place in one step, for good.
  ///
  /// A file there is replaced; a folder must be empty. What moves must be on the disk already.
  package static func rename(_ source: String, to path: String) throws(FileError) {
    if unsafe Foundation.rename(source, path) != 0 { throw FileError(path: path, code: errno) }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try synchronize(parent)
  }

  /// Makes a folder, and those it lies in, unless they are there.
  package static func makeFolder(_ path: String) throws(FileError) {
    if unsafe mkdir(path, 0o755) == 0 {
      return try synchronize(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }
    let code = errno
    if code == EEXIST { return }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard code == ENOENT, parent != "/" else { throw FileError(path: path, code: code) }
    try makeFolder(parent)
    try makeFolder(path)
  }

  /// Removes a folder; one with something in it stays.
  package static func removeEmptyFolder(_ path: String) {
    unsafe rmdir(path)
  }

  private static func append(
    _ bytes: [UInt8], to path: String, flags: Int32
  ) throws(FileError) {
    let file = try OpenFile(path, O_WRONLY | flags)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Foundation.write(file.descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileError(path: path, code: errno) }
      rest = rest.dropFirst(count)
    }
    if fsync(file.descriptor) != 0 { throw FileError(path: path, code: errno) }
  }
}

/// A lock between processes, held as long as this lives; the system frees it when a process ends.
package final class FileLock {
  private let file: OpenFile

  /// Takes the lock on a file, made if it is not there; nil when another holder has it.
  package init?(_ path: String) throws(FileError) {
    file = try OpenFile(path, O_RDWR | O_CREAT)
    if flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return nil }
      throw FileError(path: path, code: errno)
    }
  }
}

/// A descriptor that is closed with its owner.
final class OpenFile: Sendable {
  let descriptor: Int32

  init(_ path: String, _ flags: Int32) throws(FileError) {
    descriptor = unsafe open(path, flags | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileError(path: path, code: errno) }
  }

  deinit { close(descriptor) }
}
