import Foundation

/// metrics.jsonl: one JSON object a line, one line an epoch.
struct MetricsHistory {
  let path: String

  /// Keeps the first lines only: an interrupted run may have written one epoch too many.
  func truncate(toEpochs count: Int) throws {
    let text = FileManager.default.contents(atPath: path) ?? Data()
    let lines = text.split(separator: UInt8(ascii: "\n")).prefix(count)
    var kept = Data()
    for line in lines { kept += line + [UInt8(ascii: "\n")] }
    try kept.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Appends one epoch.
  func append(_ report: TrainingEpochReport) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: try encoder.encode(report) + Data("\n".utf8))
  }
}
