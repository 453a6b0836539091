import Foundation

/// Puts a finished file or folder in its place in one step.
enum AtomicRename {
  /// Renames `temporary` to `path`, replacing a file there.
  static func replace(_ path: String, with temporary: String) throws {
    if unsafe rename(temporary, path) != 0 {
      let words = unsafe String(cString: strerror(errno))
      throw CheckpointError(path: path, reason: .notWritten(words))
    }
  }
}
