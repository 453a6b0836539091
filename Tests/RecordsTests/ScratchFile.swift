import Foundation
import Records

/// A file in the temporary directory that goes away with this value.
final class ScratchFile: Sendable {
  let path: String

  init(_ bytes: [UInt8], suffix: String = ".tsv") throws {
    path = NSTemporaryDirectory() + "records-" + UUID().uuidString + suffix
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  convenience init(_ text: String, suffix: String = ".tsv") throws {
    try self.init(Array(text.utf8), suffix: suffix)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Everything the file holds, read in small blocks to cross as many block ends as possible.
  func read(_ options: RecordReader.Options = .init(), blockBytes: Int = 7) throws -> Contents {
    let reader = try RecordReader(path: path, options: options, blockBytes: blockBytes)
    var contents = Contents()
    while let outcome = try reader.next() {
      switch outcome {
      case .record(let record): contents.records.append(record)
      case .rejected(let reject): contents.rejects.append(reject)
      }
    }
    return contents
  }
}

struct Contents {
  var records: [Record] = []
  var rejects: [RejectedRecord] = []

  /// Ids, SMILES and texts, with "-" for none.
  var summary: [String] {
    records.map { "\($0.id)|\($0.smiles ?? "-")|\($0.text ?? "-")" }
  }
}

enum Gzip {
  /// One member of stored blocks (RFC 1951, 3.2.4), of at most 65,535 bytes each.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let end = min(start + 0xFFFF, bytes.count)
      let length = UInt16(end - start)
      member.append(end == bytes.count ? 1 : 0)
      for value in [length, ~length] { member += [UInt8(value & 0xFF), UInt8(value >> 8)] }
      member += bytes[start..<end]
      start = end
    } while start < bytes.count
    for value in [crc(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
      for shift in [0, 8, 16, 24] { member.append(UInt8(value >> UInt32(shift) & 0xFF)) }
    }
    return member
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    let table = (0..<256).map { (index: UInt32) in
      (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
    return ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }
}
