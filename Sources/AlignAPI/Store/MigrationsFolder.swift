import Foundation
package import Postgres

/// Finds the folder of SQL files that describe the database.
package enum MigrationsFolder {
  /// The migrations of a stated folder, or of the one that belongs to this program.
  ///
  /// Looks for `migrations` beside each parent of the executable (a build inside its package), and
  /// for `share/ligature/migrations` there (an installation). Throws
  /// ``DatabaseError/migrationsNotFound(searched:)`` and `MigrationError`.
  package static func migrator(folder: String?, executable: String) throws -> Migrator {
    if let folder { return try Migrator(folder: folder) }
    var searched: [String] = []
    var parent = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
    while parent.path != "/" {
      parent.deleteLastPathComponent()
      for name in ["migrations", "share/ligature/migrations"] {
        let candidate = parent.appendingPathComponent(name).path
        if FileManager.default.fileExists(atPath: candidate + "/0001_initial.sql") {
          return try Migrator(folder: candidate)
        }
        searched.append(candidate)
      }
    }
    throw DatabaseError.migrationsNotFound(searched: searched)
  }

  /// The path of the running program (proc(5)).
  package static var runningExecutable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }
}
