/// Why a backup was not written or not restored.
package enum BackupError: Error, Sendable, Equatable {
  /// No folder holds PostgreSQL's client programs of the server's major version.
  case programsNotFound(version: Int, searched: [String])
  /// `pg_dump` or `pg_restore` failed; `output` holds its last lines.
  case programFailed(program: String, status: Int32, output: String)
  /// The file cannot be written or read.
  case file(path: String, operation: String, reason: String)
  /// The file is no backup, or not all of it.
  case damaged(path: String, output: String)
  /// The database holds tables, and nobody allowed to replace them.
  case notEmpty(database: String, tables: Int)
  /// The key of the client's certificate is encrypted, and its password has no safe way into the
  /// programs.
  case encryptedClientKey
  /// It was told to stop.
  case stopped
}

extension BackupError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .programsNotFound(let version, let searched):
      "pg_dump and pg_restore of PostgreSQL \(version) were not found in: "
        + searched.joined(separator: ", ") + "; install the package postgresql-client-\(version)"
    case .programFailed(let program, let status, let output):
      "\(program) failed with status \(status)" + (output.isEmpty ? "" : ":\n\(output)")
    case .file(let path, let operation, let reason): "\(operation) \(path) failed: \(reason)"
    case .damaged(let path, let output):
      "\(path) is no complete backup" + (output.isEmpty ? "" : ":\n\(output)")
    case .notEmpty(let database, let tables):
      "database \(database) holds \(tables) table\(tables == 1 ? "" : "s") already; "
        + "restore into an empty one, or replace everything in it with --clean"
    case .encryptedClientKey:
      "sslpassword cannot be handed to pg_dump and pg_restore; use a key without a password"
    case .stopped: "stopped; nothing was changed"
    }
  }
}
