import Foundation
import Tensor

/// metrics.jsonl: one JSON object a line, one line an epoch.
struct MetricsHistory {
  let folder: String

  private var path: String { folder + "/" + Checkpoint.historyFile }

  /// Keeps the first lines only: an interrupted run may have written one epoch too many.
  func truncate(toEpochs count: Int) throws(CheckpointError) {
    let text = try CheckpointFile.read(Checkpoint.historyFile, in: folder) ?? Data()
    let lines = text.split(separator: UInt8(ascii: "\n")).prefix(count)
    var kept = Data()
    for line in lines { kept += line + [UInt8(ascii: "\n")] }
    try CheckpointFile.write(kept, to: path)
  }

  /// Appends one epoch.
  func append(_ report: TrainingEpochReport) throws(CheckpointError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(report) else {
      preconditionFailure("an epoch's numbers are finite")
    }
    try CheckpointFile.refusing(path) { () throws(FileError) in
      try DurableFile.append(Array(data) + [UInt8(ascii: "\n")], to: path)
    }
  }
}
