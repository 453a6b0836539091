import Glibc
import Synchronization

/// A request body in a file that has no name; the file is gone when this object is.
public final class BodyFile: Sendable {
  /// Open for reading and writing; closed with this object.
  public let descriptor: Int32
  private let written = Atomic<Int>(0)

  /// Takes over a descriptor of an empty file.
  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// A new file in a folder, readable by this process's user only.
  static func create(in folder: String) throws(SpoolError) -> BodyFile {
    // O_TMPFILE of fcntl.h, a macro that Swift does not see; then for file systems without it.
    var descriptor = unsafe open(folder, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor < 0, [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) {
      var path = Array("\(folder)/ligature-body-XXXXXX".utf8CString)
      descriptor = unsafe mkstemp(&path)
      if descriptor >= 0 {
        unsafe unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
    }
    guard descriptor >= 0 else { throw SpoolError(operation: "open in \(folder)", code: errno) }
    return BodyFile(descriptor: descriptor)
  }

  deinit { close(descriptor) }

  /// Bytes in the file.
  public var length: Int { written.load(ordering: .acquiring) }

  /// A name under which this process, and only while this object lives, can open the file.
  ///
  /// Every opening starts at the first byte.
  public var path: String { "/proc/self/fd/\(descriptor)" }

  /// Writes behind the end; one caller at a time; blocks.
  func append(_ bytes: [UInt8]) throws(SpoolError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes[done...].withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress, $0.count, length)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SpoolError(operation: "write", code: count < 0 ? errno : EIO) }
      done += count
      written.add(count, ordering: .releasing)
    }
  }

  /// Up to `count` bytes from an offset, none at the end; blocks.
  func read(from offset: Int, count: Int) throws(SpoolError) -> [UInt8] {
    while true {
      var code = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        code = unsafe pread(descriptor, buffer.baseAddress, count, offset)
        filled = max(code, 0)
      }
      if code >= 0 { return bytes }
      if errno != EINTR { throw SpoolError(operation: "read", code: errno) }
    }
  }
}

/// Why a body could not be kept in a file.
struct SpoolError: Error, Equatable {
  /// The call that failed.
  let operation: String
  /// Its errno.
  let code: Int32

  /// 507 when there is no room, else 500; the operation is not for clients.
  var response: HTTPResponse {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(code)
    return ProblemDetails(
      status: isFull ? .insufficientStorage : .internalServerError,
      detail: isFull
        ? "There is no room to keep the body." : "The body could not be kept: error \(code)."
    ).response()
  }
}
