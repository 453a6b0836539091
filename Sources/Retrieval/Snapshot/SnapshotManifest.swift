import Foundation

/// What a snapshot says of itself: JSON between the fixed start and the parts.
struct SnapshotManifest: Codable, Equatable {
  /// An array of numbers as its bytes.
  struct Part: Codable, Equatable {
    var name: String
    var bytes: Int
    /// CRC-32C of its blocks of 8 MiB.
    var checksums: [UInt32]
  }

  /// The caller's own bytes.
  var header: Data
  var kind: IndexKind
  var rows: Int
  var dimension: Int
  var precision: VectorPrecision
  var recall: IndexRecall?
  var coded: CodedConfiguration?
  var graph: GraphConfiguration?
  /// In the order of the file, without gaps.
  var parts: [Part]

  /// The first bytes of a file: what it is, format, checksum and length of the manifest.
  static let magic = Array("LIGINDEX".utf8)
  static let startBytes = 24

  /// The fixed start for a manifest's bytes.
  static func start(format: UInt32, checksum: UInt32, length: Int) -> [UInt8] {
    func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
    return magic + bytes(UInt64(format), 4) + bytes(UInt64(checksum), 4)
      + bytes(UInt64(length), 8)
  }

  /// A little-endian number in the fixed start.
  static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
