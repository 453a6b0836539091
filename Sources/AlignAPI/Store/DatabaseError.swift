/// Why the database cannot be used as it is.
package enum DatabaseError: Error, Sendable, Equatable {
  /// The private server does not run; `folder` is where it would live.
  ///
  /// `flags` are those that name the same place to `ligature db`.
  case notRunning(folder: String, flags: [String] = [])
  /// The database lacks these migrations.
  ///
  /// `flags` are those that name the same place to `ligature db`.
  case migrationsPending(files: [String], flags: [String] = [])
  /// No folder with migrations was found; lists the folders that were looked at.
  case migrationsNotFound(searched: [String])
  /// A command for the private server was given another server's address.
  case notPrivate(command: String)
  /// config.json has changed since the checkpoint was loaded.
  case checkpointChanged(folder: String)
  /// Models with other checksums have every name that this one could get.
  case modelNamesTaken(name: String, checksum: String)
}

extension DatabaseError {
  /// The same with the flags that the user gave, for the command that it names.
  package func naming(flags: [String]) -> DatabaseError {
    switch self {
    case .notRunning(let folder, _): .notRunning(folder: folder, flags: flags)
    case .migrationsPending(let files, _): .migrationsPending(files: files, flags: flags)
    default: self
    }
  }
}

extension DatabaseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notRunning(let folder, let flags):
      "no database runs in \(folder); start it with: "
        + (["ligature db start"] + flags).joined(separator: " ")
    case .migrationsPending(let files, let flags):
      "the database is not up to date, it lacks \(files.joined(separator: ", ")); "
        + "bring it forward with: "
        + (["ligature db migrate"] + flags).joined(separator: " ")
    case .migrationsNotFound(let searched):
      "found no folder of migrations in: \(searched.joined(separator: ", ")); "
        + "name it with --migrations"
    case .notPrivate(let command):
      "\(command) works on the private server only, and --database or LIGATURE_DATABASE names another"
    case .checkpointChanged(let folder):
      "\(folder)/config.json has changed since the model was loaded; run the command again"
    case .modelNamesTaken(let name, let checksum):
      "table models holds other models named \(name), \(name)-\(checksum.prefix(8)) and "
        + "\(name)-\(checksum); rename one of them"
    }
  }
}
