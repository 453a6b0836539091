import Alignment
import Digest
import Foundation
import Postgres
import Retrieval
import Tensor

/// A folder that holds a picture of the corpora, so that a server starts without reading them all
/// from the database.
///
/// `manifest.json` (behind its own SHA-256) names the checkpoint, the database's epoch and the
/// version of each corpus; `items` holds what filters look up; each side of a corpus has its index,
/// and what was added since that was built. Every byte is under a checksum, and every index says to
/// which manifest it belongs. One process writes at a time, under a lock on `<folder>.lock`. A snapshot
/// that does not fit, or is damaged, is a reason to read the database, never to stop.
struct CorporaSnapshot: Sendable {
  /// Where the folder is.
  let folder: String

  private static let format = 2

  private struct Manifest: Codable {
    var format: Int
    var checksum: String
    var epoch: String
    /// Tells this snapshot from every other one of the same versions.
    var write: String
    var items: [Part]
    var corpora: [Corpus]
  }

  /// An array of the file of items.
  private struct Part: Codable {
    var name: String
    var count: Int
    var bytes: Int
    /// CRC-32C of its blocks.
    var checksums: [UInt32]
  }

  private struct Corpus: Codable {
    var id: Int64
    var name: String
    var version: Int64
    /// Items of the molecules' base, and of the texts', that are gone.
    var deleted: [[Int64]]
  }

  /// Writes a picture into a new folder that takes the old one's place; false, and nothing is done,
  /// where another process is writing.
  ///
  /// Throws ``SnapshotError`` and what the system says; the old snapshot is then as it was.
  func write(_ loaded: LoadedCorpora, checksum: SHA256Digest) throws -> Bool {
    try DurableFile.makeFolder(URL(fileURLWithPath: folder).deletingLastPathComponent().path)
    guard let lock = try FileLock(folder + ".lock") else { return false }
    try withExtendedLifetime(lock) { try writeLocked(loaded, checksum: checksum) }
    return true
  }

  private func writeLocked(_ loaded: LoadedCorpora, checksum: SHA256Digest) throws {
    let files = FileManager.default
    let write = UUID().uuidString
    let fresh = folder + ".new"
    try? files.removeItem(atPath: fresh)
    try files.createDirectory(atPath: fresh, withIntermediateDirectories: true)
    let columns = ItemColumns(loaded.items)
    let file = try BlockFile(creating: fresh + "/items")
    var parts: [Part] = []
    try Self.forEachColumn { name, column in
      parts.append(try column.write(columns, name: name, to: file))
    }
    try file.synchronize()
    var corpora: [Corpus] = []
    for corpus in loaded.corpora {
      var entry = Corpus(
        id: corpus.id, name: corpus.name, version: corpus.version, deleted: [])
      for target in SearchTarget.allCases {
        let index = corpus.index(target)
        let (deleted, added) = index.changes
        entry.deleted.append(deleted)
        let name = Self.name(corpus.id, target)
        try IndexSnapshot.write(
          index.base, header: Self.header(name, corpus.version, loaded.epoch, write),
          to: "\(fresh)/\(name)")
        try IndexSnapshot.write(
          added, header: Self.header(name + ".added", corpus.version, loaded.epoch, write),
          to: "\(fresh)/\(name).added")
      }
      corpora.append(entry)
    }
    let manifest = Manifest(
      format: Self.format, checksum: checksum.hexadecimal, epoch: loaded.epoch, write: write,
      items: parts, corpora: corpora)
    let json = try JSONEncoder().encode(manifest)
    let digest = SHA256Digest.of(bytes: [UInt8](json)).hexadecimal
    try DurableFile.write(Array(digest.utf8) + [10] + json, to: fresh + "/manifest.json")
    // Between the two renames there is no snapshot, and a start then reads the database.
    let old = folder + ".old"
    try? files.removeItem(atPath: old)
    if files.fileExists(atPath: folder) { try DurableFile.rename(folder, to: old) }
    try DurableFile.rename(fresh, to: folder)
    try? files.removeItem(atPath: old)
  }

  /// Reads a picture of this checkpoint and epoch.
  ///
  /// Nil where there is none that fits. Throws ``SnapshotError``, ``VectorError`` and
  /// ``SnapshotDamage`` for one that is damaged.
  func read(
    checksum: SHA256Digest, epoch: String, dimension: Int, policy: IndexPolicy
  ) throws -> CorporaEditor? {
    guard let data = FileManager.default.contents(atPath: folder + "/manifest.json") else {
      return nil
    }
    let bytes = [UInt8](data)
    let json = Array(bytes.dropFirst(2 * SHA256Digest.byteCount + 1))
    guard SHA256Digest.of(bytes: json).hexadecimal.utf8.elementsEqual(bytes.prefix(64)),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(json))
    else { throw SnapshotDamage(folder: folder, part: "manifest.json") }
    guard manifest.format == Self.format, manifest.checksum == checksum.hexadecimal,
      manifest.epoch == epoch
    else { return nil }
    var columns = ItemColumns()
    let file = try BlockFile(reading: folder + "/items")
    var offset = 0
    try Self.forEachColumn { name, column in
      guard let part = manifest.items.first(where: { $0.name == name }),
        try column.read(part, at: offset, from: file, into: &columns)
      else { throw SnapshotDamage(folder: folder, part: "items, \(name)") }
      offset += part.bytes
    }
    guard columns.isWhole else { throw SnapshotDamage(folder: folder, part: "items") }
    var editor = CorporaEditor(
      dimension: dimension, policy: policy, epoch: epoch,
      items: ItemTableEditor(columns.segments()))
    for corpus in manifest.corpora {
      editor.add(
        CorpusVersion(id: corpus.id, name: corpus.name, version: corpus.version))
      for (place, target) in SearchTarget.allCases.enumerated() {
        let name = Self.name(corpus.id, target)
        let base = try index(name, corpus.version, manifest)
        let added = try index(name + ".added", corpus.version, manifest)
        guard base.dimension == dimension, place < corpus.deleted.count else {
          throw SnapshotDamage(folder: folder, part: name)
        }
        let index = try UpdatableIndex(base).removing(ids: corpus.deleted[place])
          .adding(ExactIndex(ids: added.ids, vectors: added.vectors))
        editor.replace(index, corpus.id, target.modality)
      }
    }
    return editor
  }

  /// Reads one index; throws ``SnapshotDamage`` for one that belongs to another manifest.
  private func index(
    _ name: String, _ version: Int64, _ manifest: Manifest
  ) throws -> any VectorIndex {
    let (index, header) = try IndexSnapshot.read("\(folder)/\(name)")
    let expected = Self.header(name, version, manifest.epoch, manifest.write)
    guard header == expected else {
      throw SnapshotDamage(
        folder: folder,
        part: """
          header of \(name): found \(String(decoding: header, as: UTF8.self)), expected \
          \(String(decoding: expected, as: UTF8.self))
          """)
    }
    return index
  }

  /// The file of the index of one side of a corpus.
  private static func name(_ corpus: Int64, _ target: SearchTarget) -> String {
    "corpus-\(corpus)-\(target.rawValue)"
  }

  /// What the file of an index says of itself.
  private static func header(
    _ name: String, _ version: Int64, _ epoch: String, _ write: String
  ) -> [UInt8] {
    Array("\(name) version \(version) epoch \(epoch) write \(write)".utf8)
  }

  /// One of the arrays of ``ItemColumns``.
  private struct Column {
    let write: (ItemColumns, BlockFile) throws -> (count: Int, bytes: Int, checksums: [UInt32])
    let read: (Part, Int, BlockFile, inout ItemColumns) throws -> Bool

    init<Value: BitwiseCopyable>(_ path: WritableKeyPath<ItemColumns, [Value]>) {
      write = { columns, file in
        let values = columns[keyPath: path]
        try file.write(values)
        return (
          values.count, values.count * MemoryLayout<Value>.stride, BlockChecksums.of(values)
        )
      }
      read = { part, offset, file, columns in
        guard part.count >= 0, part.bytes == part.count * MemoryLayout<Value>.stride,
          let values = try file.read(
            Value.self, count: part.count, at: offset, checksums: part.checksums)
        else { return false }
        columns[keyPath: path] = values
        return true
      }
    }

    func write(_ columns: ItemColumns, name: String, to file: BlockFile) throws -> Part {
      let (count, bytes, checksums) = try write(columns, file)
      return Part(name: name, count: count, bytes: bytes, checksums: checksums)
    }

    func read(
      _ part: Part, at offset: Int, from file: BlockFile, into columns: inout ItemColumns
    ) throws -> Bool {
      try read(part, offset, file, &columns)
    }
  }

  /// The arrays in the order of the file.
  private static func forEachColumn(_ body: (String, Column) throws -> Void) rethrows {
    try body("ids", Column(\.ids))
    try body("corpora", Column(\.corpora))
    try body("updated_at", Column(\.updatedAt))
    try body("flags", Column(\.flags))
    try body("lengths", Column(\.lengths))
    try body("smiles", Column(\.smiles))
    try body("descriptors", Column(\.descriptors))
    try body("fingerprints", Column(\.fingerprints))
    try body("screens", Column(\.screens))
  }
}

/// A snapshot that says something else than was written.
struct SnapshotDamage: Error, Equatable, CustomStringConvertible {
  let folder: String
  let part: String

  var description: String { "\(folder): damaged (\(part))" }
}
