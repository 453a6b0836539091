import Foundation

/// A file name in the temporary folder, removed with its owner.
final class TemporaryFile {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "tensor-\(UUID().uuidString).safetensors"
  }

  convenience init(holding bytes: [UInt8]) throws {
    self.init()
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// A safetensors file of this header text and data.
  convenience init(header: String, data: [UInt8] = []) throws {
    let length = littleEndianBytes(UInt64(header.utf8.count))
    try self.init(holding: length + Array(header.utf8) + data)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes() throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

/// Eight bytes, least significant first.
private func littleEndianBytes(_ length: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
}
