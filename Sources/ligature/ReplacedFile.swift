import Foundation

/// A file that appears under its name only when it is complete, or standard output.
///
/// It is written beside its place under another name and renamed at the end; without that, what
/// was there before stays. Devices and pipes are written directly.
final class ReplacedFile {
  private let path: String
  private let temporary: String?
  private let handle: FileHandle
  private var isDone = false

  /// Opens the file; nil or `-` is standard output.
  init(path: String?) throws {
    guard let path, path != "-" else {
      self.path = "-"
      temporary = nil
      handle = .standardOutput
      return
    }
    self.path = path
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let type = attributes?[.type] as? FileAttributeType
    let isPlain = type == nil || type == .typeRegular
    let target = isPlain ? path + ".part-\(getpid())" : path
    temporary = target == path ? nil : target
    if temporary != nil { try Data().write(to: URL(fileURLWithPath: target)) }
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
  }

  func write(_ bytes: [UInt8]) throws {
    if !bytes.isEmpty { try handle.write(contentsOf: Data(bytes)) }
  }

  /// Puts the file in its place.
  func finish() throws {
    isDone = true
    guard let temporary else { return }
    try handle.synchronize()
    try handle.close()
    let failed = unsafe rename(temporary, path) != 0
    if failed { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }

  deinit {
    if !isDone, let temporary { try? FileManager.default.removeItem(atPath: temporary) }
  }
}
