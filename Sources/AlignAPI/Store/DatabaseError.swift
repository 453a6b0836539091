/// Why the database cannot be used as it is.
package enum DatabaseError: Error, Sendable, Equatable {
  /// The private server does not run; `folder` is where it would live.
  case notRunning(folder: String)
  /// The database lacks these migrations.
  case migrationsPending(files: [String])
  /// No folder with migrations was found; lists the folders that were looked at.
  case migrationsNotFound(searched: [String])
  /// A command for the private server was given another server's address.
  case notPrivate(command: String)
  /// config.json has changed since the checkpoint was loaded.
  case checkpointChanged(folder: String)
}

extension DatabaseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notRunning(let folder):
      "no database runs in \(folder); start it with: ligature db start"
    case .migrationsPending(let files):
      "the database is not up to date, it lacks \(files.joined(separator: ", ")); "
        + "bring it forward with: ligature db migrate"
    case .migrationsNotFound(let searched):
      "found no folder of migrations in: \(searched.joined(separator: ", ")); "
        + "name it with --migrations"
    case .notPrivate(let command):
      "\(command) works on the private server only, and --database or LIGATURE_DATABASE names another"
    case .checkpointChanged(let folder):
      "\(folder)/config.json has changed since the model was loaded; run the command again"
    }
  }
}
