import Glibc

/// A PostgreSQL server that belongs to Ligature and lives in one folder.
///
/// It listens on a Unix socket only. Three locks keep everyone else out. The folder has mode 0700
/// and belongs to the server's user, so nobody else reaches the data or the socket. The server
/// admits a client by its operating-system user (`peer` authentication): the owner of the process
/// that made the cluster and the server's user, nobody else, so there is no password to keep. The
/// client asks for the same proof from the server (`requirepeer`), which matters when the socket
/// has to lie in `/tmp` because the folder's path is too long for a socket address.
///
/// Run by root, the server runs as user `postgres`, because it refuses to be root.
package struct PrivateCluster: Sendable {
  /// The absolute path of the folder: `data`, `socket`, `server.log`.
  package let folder: String
  /// The number in the socket's name; there is no network port.
  package let port: Int
  /// Whether what is committed outlives a crash of the machine.
  package let durability: Durability
  /// The folder of the server's programs; nil looks for them.
  let programFolder: String?

  /// How much the data is worth.
  package enum Durability: Sendable {
    /// Every commit is on disk when it is reported.
    case safe
    /// For tests: nothing waits for the disk, and stopping does not save anything first.
    case disposable
  }

  /// The database superuser and the database that `start` makes.
  package static let databaseUser = "ligature"
  package static let databaseName = "ligature"

  /// A cluster in a folder that may not exist yet; nothing is touched before `start`.
  ///
  /// `programs` is a folder with another installation of the server than Debian's.
  ///
  /// Throws `.unusablePath` for a relative path and for characters that PostgreSQL's own start
  /// programs hand to a shell.
  package init(
    folder: String, port: Int = 6001, durability: Durability = .safe, programs: String? = nil
  ) throws(ClusterError) {
    guard folder.hasPrefix("/"), !folder.split(separator: "/").contains("..") else {
      throw .unusablePath(path: folder, reason: "it is not an absolute path without \"..\"")
    }
    guard !folder.contains(where: { "\"'`$\\,".contains($0) || $0.isNewline }) else {
      throw .unusablePath(
        path: folder, reason: "it has a quote, comma, dollar sign, backslash or line end")
    }
    let parts = folder.split(separator: "/")
    guard !parts.isEmpty else {
      throw .unusablePath(path: folder, reason: "it is the root folder")
    }
    self.folder = parts.map { "/" + $0 }.joined()
    self.port = port
    self.durability = durability
    programFolder = programs
  }

  /// Whether the server runs.
  package enum Status: Sendable, Equatable {
    /// Nothing has been made yet.
    case absent
    case stopped
    case running(processID: Int32)
  }

  var dataFolder: String { folder + "/data" }
  var serverLog: String { folder + "/server.log" }

  /// The longest socket path that Linux takes is 107 bytes and a terminating zero (unix(7)).
  static let longestSocketPath = 107

  /// The folder of the socket: inside the cluster, or in `/tmp` when the path would be too long.
  package var socketFolder: String {
    let inside = folder + "/socket"
    if (inside + "/.s.PGSQL.\(port)").utf8.count <= Self.longestSocketPath { return inside }
    return "/tmp/ligature-" + String(Self.fingerprint(of: folder), radix: 16)
  }

  /// How to connect as the superuser to the database `ligature`.
  package func settings() throws(ClusterError) -> ConnectionSettings {
    ConnectionSettings(parameters: [
      "host": socketFolder, "port": String(port), "user": Self.databaseUser,
      "dbname": Self.databaseName, "requirepeer": try ServerUser.current().name,
    ])
  }

  /// FNV-1a, 64 bits (Fowler, Noll, Vo).
  ///
  /// It only names a folder; what is trusted is the folder's owner.
  private static func fingerprint(of text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
