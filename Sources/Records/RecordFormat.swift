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
  /// A SMILES a line and behind white space the id; no header, `#` begins a comment.
  case smi
  /// Structure-data files: molfiles with data items.
  case sdf

  static let chebi20Header = "CID\tSMILES\tdescription"

  /// Whether the file begins with names of columns.
  var hasHeader: Bool {
    switch self {
    case .tsv, .csv, .chebi20: true
    case .ndjson, .smi, .sdf: false
    }
  }

  /// The format that a path's extension decides alone: `.csv`, `.ndjson`, `.jsonl`, `.smi`,
  /// `.smiles`, `.sdf`, `.sd`; one `.gz` is ignored.
  static func named(byPath path: String) -> RecordFormat? {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    switch name.split(separator: "/").last?.split(separator: ".").dropFirst().last {
    case "csv": return .csv
    case "ndjson", "jsonl": return .ndjson
    case "smi", "smiles": return .smi
    case "sdf", "sd": return .sdf
    default: return nil
    }
  }

  /// Chooses a format from a path's extension (one `.gz` is ignored) and a file's first line.
  ///
  /// Where ``named(byPath:)`` does not decide, ChEBI-20's header, a leading brace, a tab and a comma
  /// are looked for, in this order.
  static func detect(path: String, firstLine: String) -> RecordFormat {
    if let named = named(byPath: path) { return named }
    if firstLine == chebi20Header { return .chebi20 }
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if name.hasSuffix(".tsv") { return .tsv }
    if firstLine.drop(while: { $0 == " " }).hasPrefix("{") { return .ndjson }
    return !firstLine.contains("\t") && firstLine.contains(",") ? .csv : .tsv
  }
}
