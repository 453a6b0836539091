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
    if temporary != nil, !FileManager.default.createFile(atPath: target, contents: nil) {
      throw UnwritableFile(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    do {
      handle = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
    } catch {
      throw UnwritableFile(path: path, error)
    }
  }

  func write(_ bytes: [UInt8]) throws {
    do {
      if !bytes.isEmpty { try handle.write(contentsOf: Data(bytes)) }
    } catch {
      throw UnwritableFile(path: path, error)
    }
  }

  /// Puts the file in its place.
  func finish() throws {
    isDone = true
    guard let temporary else { return }
    do {
      try handle.synchronize()
      try handle.close()
    } catch {
      throw UnwritableFile(path: path, error)
    }
    if unsafe rename(temporary, path) != 0 {
      throw UnwritableFile(path: path, reason: unsafe String(cString: strerror(errno)))
    }
  }

  deinit {
    if !isDone, let temporary { try? FileManager.default.removeItem(atPath: temporary) }
  }
}

/// A file that cannot be written, and what the system says of it.
struct UnwritableFile: Error, CustomStringConvertible {
  let path: String
  let reason: String

  init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Takes the system's own words out of an error of Foundation.
  init(path: String, _ error: any Error) {
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    let isSystem = inner.domain == NSPOSIXErrorDomain
    self.init(
      path: path,
      reason: isSystem
        ? unsafe String(cString: strerror(Int32(inner.code))) : error.localizedDescription)
  }

  var description: String { "\(path): cannot be written: \(reason)" }
}
