import Foundation
import Molecule
import Postgres
import Records
import Tensor

/// Cuts a corpus file into chunks of rows that PostgreSQL can store and whose molecules are read.
///
/// Memory is bounded by one chunk: at most `rowLimit` rows, and not more than `byteLimit` bytes of
/// the file or `smilesByteLimit` bytes of SMILES, each and one row.
struct CorpusChunkReader {
  /// The longest id that fits PostgreSQL's index over corpus and id, with room to spare.
  static let longestID = 1000

  private let reader: RecordReader
  private let rowLimit: Int
  private let byteLimit = 8 << 20
  private let smilesByteLimit = 512 << 10
  /// Seconds spent on reading rows, and on molecules.
  private(set) var seconds = (reading: 0.0, parsing: 0.0)

  init(path: String, afterLine line: Int, isStrict: Bool, rowLimit: Int) throws {
    reader = try RecordReader(
      path: path, options: .init(isStrict: isStrict, resumingAt: line + 1))
    self.rowLimit = rowLimit
  }

  /// The next chunk; the last one says so and may be empty.
  mutating func next() throws -> CorpusChunk {
    let clock = ContinuousClock()
    let start = clock.now
    var records: [Record] = []
    var rejected: [RejectedRecord] = []
    let firstByte = reader.byteOffset
    var smilesBytes = 0
    var isLast = false
    while records.count + rejected.count < rowLimit, reader.byteOffset - firstByte < byteLimit,
      smilesBytes < smilesByteLimit
    {
      guard let outcome = try reader.next() else {
        isLast = true
        break
      }
      switch outcome {
      case .record(let record):
        records.append(record)
        let bytes = record.smiles?.utf8.count ?? 0
        if bytes <= InputLimits.item.smilesBytes { smilesBytes += bytes }
      case .rejected(let row): rejected.append(row)
      }
    }
    let read = clock.now
    let path = reader.path
    let all = records
    let rows = Parallel.map(all.count, by: 16) { place in Self.row(all[place], path: path) }
    seconds.reading += (read - start) / .seconds(1)
    seconds.parsing += (clock.now - read) / .seconds(1)

    // By bytes, as PostgreSQL compares: Swift's strings are equal across Unicode's spellings.
    var lines: [[UInt8]: Int] = [:]
    var chunk = CorpusChunk(
      rows: [], rejected: rejected, linesDone: reader.nextLine - 1, share: share, isLast: isLast)
    chunk.rows.reserveCapacity(rows.count)
    for row in rows {
      switch row {
      case .failure(let problem): chunk.rejected.append(problem.row)
      case .success(let row):
        let id = Array(row.record.id.utf8)
        if let line = lines[id] {
          chunk.rejected.append(.duplicate(row.record, path: path, firstLine: line))
        } else {
          lines[id] = row.record.line
          chunk.rows.append(row)
        }
      }
    }
    return chunk
  }

  private var share: Double {
    guard let total = reader.totalBytes, total > 0 else { return 0 }
    return min(1, Double(reader.bytesRead) / Double(total))
  }

  private struct Problem: Error {
    let row: RejectedRecord
  }

  private static func row(
    _ record: Record, path: String
  ) -> Result<CorpusChunk.Row, Problem> {
    if let problem = storageProblem(record, path: path) { return .failure(Problem(row: problem)) }
    let properties = JSONText(json(record.properties))
    guard let smiles = record.smiles else {
      return .success(CorpusChunk.Row(record: record, properties: properties, molecule: nil))
    }
    do throws(SMILESError) {
      let graph = try SMILESReader.read(smiles)
      return .success(CorpusChunk.Row(record: record, properties: properties, molecule: graph))
    } catch {
      return .failure(
        Problem(
          row: RejectedRecord(
            record, path: path, field: "smiles", found: "\(error)", expected: "a molecule",
            raw: smiles)))
    }
  }

  /// What keeps a row from being stored: nothing to store, an id too long for PostgreSQL's index,
  /// more SMILES or text than ``InputLimits/item``, or U+0000, which its texts cannot hold.
  private static func storageProblem(_ record: Record, path: String) -> RejectedRecord? {
    if record.smiles == nil && record.text == nil {
      return RejectedRecord(
        record, path: path, field: nil, found: "neither", expected: "a SMILES or a text", raw: "")
    }
    if record.id.utf8.count > longestID {
      return RejectedRecord(
        record, path: path, field: "id", found: "\(record.id.utf8.count) bytes",
        expected: "an id of at most \(longestID) bytes", raw: record.id)
    }
    let lengths = [
      ("smiles", record.smiles, InputLimits.item.smilesBytes),
      ("text", record.text, InputLimits.item.textBytes),
    ]
    for (name, value, limit) in lengths {
      guard let value, value.utf8.count > limit else { continue }
      return RejectedRecord(
        record, path: path, field: name, found: "\(value.utf8.count) bytes",
        expected: "at most \(limit) bytes", raw: value)
    }
    var fields = [("id", record.id), ("smiles", record.smiles ?? ""), ("text", record.text ?? "")]
    for (key, value) in record.properties {
      fields.append((key, key))
      fields.append((key, value))
    }
    for (name, value) in fields where value.utf8.contains(0) {
      return RejectedRecord(
        record, path: path, field: name.replacing("\0", with: "␀"),
        found: "the character U+0000", expected: "text without it", raw: value)
    }
    return nil
  }

  private static func json(_ properties: [String: String]) -> String {
    if properties.isEmpty { return "{}" }
    guard let data = try? JSONEncoder().encode(properties) else {
      preconditionFailure("strings always have a JSON form")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
