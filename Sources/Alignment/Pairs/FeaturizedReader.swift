import Molecule
public import Records
import Tensor
import TextEncoder

/// A row whose molecule and text are counted features already.
struct FeaturizedRecord: Sendable {
  let id: String
  let line: Int
  let byteOffset: Int
  let molecule: FeatureCounts?
  let text: FeatureCounts?
  /// The text as it was read.
  let rawText: String?
}

/// Reads a file of records and counts features on all cores, a block of rows at a time.
struct FeaturizedReader {
  let path: String
  let required: RequiredFields
  let isStrict: Bool

  private static let blockRows = 2048

  /// Calls `accept` for every good row in order and `reject` for every bad one.
  func read(
    accept: (FeaturizedRecord) throws -> Void, reject: (RejectedRecord) throws -> Void,
    progress: (Double) -> Void
  ) throws {
    let reader = try RecordReader(
      path: path, options: .init(required: required, isStrict: isStrict))
    var isAtEnd = false
    while !isAtEnd {
      var block: [Record] = []
      while block.count < Self.blockRows {
        guard let outcome = try reader.next() else {
          isAtEnd = true
          break
        }
        switch outcome {
        case .record(let record): block.append(record)
        case .rejected(let row): try reject(row)
        }
      }
      let rows = block
      let featurized = Parallel.map(rows.count, by: 32) { featurize(rows[$0]) }
      for (record, result) in zip(rows, featurized) {
        switch result {
        case .success(let good): try accept(good)
        case .failure(let error):
          let row = RejectedRecord(
            file: path, line: record.line, byteOffset: record.byteOffset, field: "smiles",
            found: "\(error)", expected: "a molecule", raw: record.smiles ?? "")
          if isStrict { throw RejectedRowError(row: row) }
          try reject(row)
        }
      }
      progress(reader.totalBytes.map { Double(reader.bytesRead) / Double(max(1, $0)) } ?? 0)
    }
  }

  private func featurize(_ record: Record) -> Result<FeaturizedRecord, SMILESError> {
    do throws(SMILESError) {
      var molecule: FeatureCounts?
      if required.contains(.smiles), let smiles = record.smiles {
        molecule = MolecularFingerprint.counts(of: try SMILESReader.read(smiles))
      }
      let text =
        required.contains(.text) ? record.text.map { LexicalFeatures.counts(of: $0) } : nil
      return .success(
        FeaturizedRecord(
          id: record.id, line: record.line, byteOffset: record.byteOffset,
          molecule: molecule, text: text, rawText: record.text))
    } catch {
      return .failure(error)
    }
  }
}

/// A bad row met where bad rows are not allowed.
public struct RejectedRowError: Error, Sendable, CustomStringConvertible {
  /// The row.
  public let row: RejectedRecord

  /// A sentence for people.
  public var description: String {
    let field = row.field.map { ", field '\($0)'" } ?? ""
    return "\(row.file): line \(row.line)\(field): \(row.reason)"
  }
}
