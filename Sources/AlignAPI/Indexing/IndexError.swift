package import Records

/// Why a corpus could not be indexed, or not further.
///
/// What is stored already stays.
package enum IndexError: Error, Sendable, Equatable {
  /// A corpus must be a file that can be read again.
  case notAFile(path: String)
  /// Another process is writing to the corpus.
  case corpusIsBusy(name: String)
  /// A bad row, where none are allowed.
  case badRow(RejectedRecord)
  /// The file was read before, or in part, and bad rows were left out where none are allowed.
  case indexedWithRejects(path: String, count: Int, rejectsPath: String)
  /// The model gives something else than numbers for the row on that line: its weights are broken.
  case vectorNotFinite(path: String, line: Int)
  /// The file changed while it was read.
  case sourceChanged(path: String)
}

extension IndexError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAFile(let path):
      "\(path) is not a regular file; a corpus is read from a file, so that indexing can be resumed"
    case .corpusIsBusy(let name):
      "another process is indexing corpus '\(name)'; run the command again when it has ended"
    case .badRow(let row):
      "\(row.file), line \(row.line)\(row.field.map { ", field \($0)" } ?? ""): \(row.reason)"
    case .indexedWithRejects(let path, let count, let rejectsPath):
      "\(path) was indexed before without --strict, and \(count) bad "
        + "\(count == 1 ? "row was" : "rows were") left out; see \(rejectsPath), correct the file "
        + "and index it again"
    case .vectorNotFinite(let path, let line):
      "\(path), line \(line): the model's vector is not finite; its weights are unusable"
    case .sourceChanged(let path):
      "\(path) changed while it was read; run the command again"
    }
  }
}
