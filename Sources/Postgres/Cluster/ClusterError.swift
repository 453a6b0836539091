/// Why a private PostgreSQL server could not be set up, started or stopped.
package enum ClusterError: Error, Sendable, Equatable {
  /// No folder holds the server's programs; lists the folders that were looked at.
  case programsNotFound(searched: [String])
  /// The data was made by another major version than the programs found.
  case versionMismatch(data: Int, programs: [Int])
  /// Root may not run PostgreSQL, and there is no user to run it as.
  case userNotFound(name: String)
  /// The path cannot be used for a cluster.
  case unusablePath(path: String, reason: String)
  /// The server's user cannot pass through a parent folder.
  case notTraversable(folder: String, user: String)
  /// The folder has contents that are not a cluster of ours.
  case foreignFolder(path: String)
  /// A folder belongs to another user than the one that runs the server.
  case wrongOwner(path: String, owner: UInt32, expected: UInt32)
  /// A system call failed.
  case system(operation: String, path: String, errno: Int32)
  /// A program failed; `output` holds its last lines, `log` those of the server.
  case programFailed(program: String, status: Int32, output: String, log: String)
}

extension ClusterError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .programsNotFound(let searched):
      "PostgreSQL's server programs (initdb, pg_ctl, postgres) were not found in: "
        + searched.joined(separator: ", ") + ". Install the package postgresql"
    case .versionMismatch(let data, let programs):
      "the data folder was made by PostgreSQL \(data), but only "
        + programs.map(String.init).joined(separator: ", ") + " is installed"
    case .userNotFound(let name):
      "PostgreSQL does not run as root, and there is no user \"\(name)\" to run it as"
    case .unusablePath(let path, let reason): "\(path) cannot hold a cluster: \(reason)"
    case .notTraversable(let folder, let user):
      "user \(user), which runs PostgreSQL, may not pass through \(folder); "
        + "choose another place, or allow it with: chmod o+x '\(folder)'"
    case .foreignFolder(let path): "\(path) is not empty and is not a cluster of Ligature's"
    case .wrongOwner(let path, let owner, let expected):
      "\(path) belongs to user id \(owner), expected \(expected)"
    case .system(let operation, let path, let errno):
      "\(operation) \(path) failed: \(systemMessage(errno))"
    case .programFailed(let program, let status, let output, let log):
      "\(program) failed with status \(status)"
        + (output.isEmpty ? "" : "\n\(output)") + (log.isEmpty ? "" : "\nserver log:\n\(log)")
    }
  }
}
