/// The formats of pairs and corpus files.
public enum RecordFormat: String, Sendable, Hashable, CaseIterable {
  /// Columns separated by tabs under a header; no quoting, no escapes.
  case tsv
  /// Columns separated by commas under a header, quoted as RFC 4180 says.
  case csv
  /// One JSON object a line.
  case ndjson
  /// ChEBI-20's own tab-separated files, headed `CID SMILES description`, which double every
  /// backslash of a SMILES.
  case chebi20

  static let chebi20Header = "CID\tSMILES\tdescription"

  /// Chooses a format from a path's extension (one `.gz` is ignored) and a file's first line.
  ///
  /// `.csv`, `.ndjson` and `.jsonl` decide alone. Otherwise ChEBI-20's header, a leading brace, a
  /// tab and a comma are looked for, in this order.
  static func detect(path: String, firstLine: String) -> RecordFormat {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if name.hasSuffix(".csv") { return .csv }
    if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") { return .ndjson }
    if firstLine == chebi20Header { return .chebi20 }
    if name.hasSuffix(".tsv") { return .tsv }
    if firstLine.drop(while: { $0 == " " }).hasPrefix("{") { return .ndjson }
    return !firstLine.contains("\t") && firstLine.contains(",") ? .csv : .tsv
  }
}
