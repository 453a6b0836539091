import MoEBackbone
import Molecule
public import Records
import Tensor

/// A row whose molecule and text are counted features already.
struct FeaturizedRecord: Sendable {
  let record: Record
  let molecule: MoleculeFeatures?
  let text: TextFeatures?
}

/// Reads a file of records and counts features on all cores, a block of rows at a time.
struct FeaturizedReader {
  let path: String
  /// The domain of the texts.
  var domain = Domain.default
  /// Whether atoms and bonds are kept for a graph view.
  var keepsGraphs = false
  let required: RequiredFields
  let isStrict: Bool

  private static let blockRows = 2048

  /// Calls `accept` for every good row and `reject` for every bad one, in the order of the file.
  ///
  /// - Throws: ``RejectedRowError`` for the first bad row in strict reading, and `RecordsError`
  ///   when the file cannot be read on, once the rows before that place are handed out.
  func read(
    accept: (FeaturizedRecord) throws -> Void, reject: (RejectedRecord) throws -> Void,
    progress: (Double) -> Void
  ) throws {
    // A strict reader would stop before the bad molecules of the rows it has read already.
    let reader = try RecordReader(path: path, options: .init(required: required))
    var isAtEnd = false
    while !isAtEnd {
      var rows: [RecordOutcome] = []
      var failure: RecordsError?
      do throws(RecordsError) {
        while rows.count < Self.blockRows, let row = try reader.next() { rows.append(row) }
      } catch {
        failure = error
      }
      isAtEnd = rows.count < Self.blockRows
      let block = rows
      for row in Parallel.map(block.count, by: 32, { featurize(block[$0]) }) {
        switch row {
        case .success(let good): try accept(good)
        case .failure(let error):
          if isStrict { throw error }
          try reject(error.row)
        }
      }
      if let failure { throw failure }
      progress(reader.totalBytes.map { Double(reader.bytesRead) / Double(max(1, $0)) } ?? 0)
    }
  }

  private func featurize(_ outcome: RecordOutcome) -> Result<FeaturizedRecord, RejectedRowError> {
    switch outcome {
    case .rejected(let row): return .failure(RejectedRowError(row: row))
    case .record(let record):
      do throws(SMILESError) {
        var molecule: MoleculeFeatures?
        if required.contains(.smiles), let smiles = record.smiles {
          molecule = MoleculeFeatures(
            of: try SMILESReader.read(smiles), keepingGraph: keepsGraphs)
        }
        let text =
          required.contains(.text)
          ? record.text.map { TextFeatures(of: $0, domain: domain) } : nil
        return .success(FeaturizedRecord(record: record, molecule: molecule, text: text))
      } catch {
        let row = RejectedRecord(
          record, path: path, field: "smiles", found: "\(error)", expected: "a molecule",
          raw: record.smiles ?? "")
        return .failure(RejectedRowError(row: row))
      }
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
