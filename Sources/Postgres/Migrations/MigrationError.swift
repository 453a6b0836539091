/// Why the database could not be brought to the form that the files describe.
package enum MigrationError: Error, Sendable, Equatable {
  case unreadable(path: String, reason: String)
  case badFileName(file: String)
  /// The files do not count 1, 2, 3…
  case wrongNumber(file: String, found: Int32, expected: Int32)
  /// A file has other contents, or another name, than when it was applied.
  case changed(file: String, applied: String)
  /// The record of applied migrations skips a number.
  case recordHasGap(missing: Int32)
  /// The database knows more migrations than there are files: it belongs to a newer Ligature.
  case databaseIsNewer(database: Int32, files: Int32)
  /// The statements failed; none of the file's changes remain. `line` counts from 1.
  case failed(file: String, line: Int?, error: PostgresError)
  /// The file ended the transaction that it is run in. What it changed remains.
  case endedTransaction(file: String)
}

extension MigrationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .badFileName(let file):
      "\(file) is not named like a migration: expected four digits, _, a name of a-z, 0-9 and _, .sql"
    case .wrongNumber(let file, let found, let expected):
      "\(file) has number \(found), expected \(expected): migrations count from 1 without gaps"
    case .changed(let file, let applied):
      "\(file) differs from what was applied to this database as \(applied); "
        + "applied migrations stay as they are, changes go into a new file"
    case .recordHasGap(let missing):
      "the database has later migrations but not number \(missing); its record is damaged"
    case .databaseIsNewer(let database, let files):
      "the database is at migration \(database), but the files end at \(files): "
        + "it belongs to a newer version of Ligature; use that version"
    case .failed(let file, let line, let error):
      "\(file)\(line.map { ", line \($0)" } ?? ""): \(error.message)"
        + (error.sqlState.map { " [SQLSTATE \($0)]" } ?? "")
        + (error.detail.map { "; \($0)" } ?? "")
    case .endedTransaction(let file):
      "\(file) ends its transaction; a migration must not say BEGIN, COMMIT or ROLLBACK"
    }
  }
}
