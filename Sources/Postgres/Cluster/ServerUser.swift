import Glibc

/// The operating system's user that runs the server.
struct ServerUser: Sendable, Equatable {
  let name: String
  let uid: uid_t
  let gid: gid_t

  /// The user that runs this process, or `postgres` when that is root, whom the server refuses.
  static func current() throws(ClusterError) -> ServerUser {
    let uid = geteuid()
    if uid != 0 {
      return ServerUser(name: name(of: uid), uid: uid, gid: getegid())
    }
    guard let entry = unsafe getpwnam("postgres") else { throw .userNotFound(name: "postgres") }
    return unsafe ServerUser(name: "postgres", uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
  }

  /// The name of a user, or its number when it has none.
  static func name(of uid: uid_t) -> String {
    unsafe getpwuid(uid).map { unsafe String(cString: $0.pointee.pw_name) } ?? String(uid)
  }

  /// Whether this process has to change its user to run a program as this one.
  var isOther: Bool { geteuid() != uid }

  /// The words before a command line that make it run as this user.
  var commandPrefix: [String] {
    isOther
      ? ["setpriv", "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--"] : []
  }

  /// Throws `.notTraversable` for the first parent of a path that this user may not pass through.
  ///
  /// The path is absolute. Parents that do not exist are not judged. For the user of this process
  /// the system is asked; for another one the mode bits decide, because it runs without further
  /// groups (see ``commandPrefix``).
  func checkTraversal(to path: String) throws(ClusterError) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      guard let status = try FileStatus(folder) else { return }
      if isOther {
        guard status.isLink || mayPass(status) else {
          throw .notTraversable(folder: folder, user: name)
        }
      } else if unsafe faccessat(AT_FDCWD, folder, X_OK, AT_EACCESS) != 0 && errno == EACCES {
        throw .notTraversable(folder: folder, user: name)
      }
    }
  }

  /// What the mode bits of a folder allow this user.
  private func mayPass(_ folder: FileStatus) -> Bool {
    let bit: mode_t = folder.owner == uid ? S_IXUSR : folder.group == gid ? S_IXGRP : S_IXOTH
    return folder.mode & bit != 0
  }
}
