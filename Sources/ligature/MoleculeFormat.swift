import ArgumentParser

/// The file formats of `ligature mol`.
enum MoleculeFormat: String, CaseIterable, ExpressibleByArgument {
  /// A SMILES a line, and a name behind it.
  case smi
  /// Structure-data files; a single molfile as well.
  case sdf
  /// Columns under a header, one of them `smiles`.
  case tsv
  /// One JSON object a line; for output only.
  case ndjson

  /// The format that a path's extension names; one `.gz` is ignored.
  init?(path: String) {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    switch name.split(separator: ".").last.map(String.init) {
    case "smi", "smiles", "ism", "txt": self = .smi
    case "sdf", "sd", "mol": self = .sdf
    case "tsv", "tab": self = .tsv
    case "ndjson", "jsonl": self = .ndjson
    default: return nil
    }
  }
}
