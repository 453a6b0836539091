import Foundation
import Tensor

/// An index in a file: written in one step, read by all cores, refused when anything is wrong.
///
/// The file is a fixed start (magic, format, checksum and length of the manifest), a JSON manifest,
/// then ids, vectors and codes as plain little-endian arrays without gaps. Every byte is under a
/// CRC-32C or compared with what it must be. It guards against corruption, not against forgery.
public enum IndexSnapshot {
  /// The number of the format that is written.
  public static let format = 2

  /// Writes an index and the caller's own bytes: a temporary name, forced to the disk, renamed.
  ///
  /// An updatable index is compacted first.
  public static func write(
    _ index: any VectorIndex, header: [UInt8], to path: String
  ) throws(SnapshotError) {
    if let updatable = index as? UpdatableIndex {
      return try write(updatable.compacted().base, header: header, to: path)
    }
    guard let parts = SnapshotParts(index) else {
      throw SnapshotError(path: path, reason: .system("no memory for a copy of the graph"))
    }
    let manifest = SnapshotManifest(
      header: Data(header), kind: index.kind, rows: index.count, dimension: index.dimension,
      precision: index.vectors.precision, recall: index.recall,
      coded: (index as? CodedIndex)?.configuration,
      graph: (index as? GraphIndex)?.configuration, parts: parts.described())
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let json = [UInt8](try encoder.encode(manifest))
      let temporary = path + ".new"
      let file = try BlockFile(creating: temporary)
      try file.write(
        SnapshotManifest.start(
          format: UInt32(format), checksum: BlockChecksums.whole(json), length: json.count))
      try file.write(json)
      try parts.write(to: file)
      try file.synchronize()
      try DurableFile.rename(temporary, to: path)
    } catch {
      throw SnapshotError(path: path, reason: .system("\(error)"))
    }
  }

  /// The caller's own bytes, without reading the rest; checked like everything else.
  public static func header(of path: String) throws(SnapshotError) -> [UInt8] {
    [UInt8](try open(path).manifest.header)
  }

  /// Reads an index and the caller's own bytes.
  public static func read(
    _ path: String
  ) throws(SnapshotError) -> (index: any VectorIndex, header: [UInt8]) {
    let (file, manifest, start) = try open(path)
    let reader = SnapshotReader(path: path, file: file, manifest: manifest, start: start)
    return (try reader.index(), [UInt8](manifest.header))
  }

  private static func open(
    _ path: String
  ) throws(SnapshotError) -> (file: BlockFile, manifest: SnapshotManifest, start: Int) {
    func refused(_ reason: SnapshotError.Reason) -> SnapshotError {
      SnapshotError(path: path, reason: reason)
    }
    let file: BlockFile
    let found: Int
    let start: [UInt8]
    var json: [UInt8] = []
    do {
      file = try BlockFile(reading: path)
      found = try file.byteCount()
      start = try file.read(bytes: SnapshotManifest.startBytes, at: 0)
    } catch {
      throw refused(.system(error.words))
    }
    if !start.starts(with: SnapshotManifest.magic) { throw refused(.notASnapshot) }
    if start.count < SnapshotManifest.startBytes {
      throw refused(.length(found: found, expected: SnapshotManifest.startBytes))
    }
    let number = Int(SnapshotManifest.number(start[8..<12]))
    if number > format { throw refused(.newerFormat(found: number)) }
    if number < format { throw refused(.olderFormat(found: number)) }
    let length = SnapshotManifest.number(start[16..<24])
    let rest = found - SnapshotManifest.startBytes
    if length > UInt64(rest) {
      let expected = SnapshotManifest.startBytes + Int(clamping: min(length, 1 << 60))
      throw refused(.length(found: found, expected: expected))
    }
    do {
      json = try file.read(bytes: Int(length), at: SnapshotManifest.startBytes)
    } catch {
      throw refused(.system(error.words))
    }
    guard BlockChecksums.whole(json) == UInt32(SnapshotManifest.number(start[12..<16])),
      let manifest = try? JSONDecoder().decode(SnapshotManifest.self, from: Data(json))
    else { throw refused(.damaged(part: "manifest")) }
    let first = SnapshotManifest.startBytes + json.count
    let expected = manifest.parts.reduce(first) { $0 + $1.bytes }
    if found != expected { throw refused(.length(found: found, expected: expected)) }
    return (file, manifest, first)
  }
}
