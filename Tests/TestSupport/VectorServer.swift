import Foundation

/// The PostgreSQL server with pgvector that `scripts/vector-server` brings.
enum VectorServer {
  /// Copies it into a folder that the server's user reaches, as it may not reach the project's;
  /// returns the folder of its programs.
  static func copy(to folder: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bin = root.appendingPathComponent(".build/vector-server/bin").resolvingSymlinksInPath()
    guard FileManager.default.isExecutableFile(atPath: bin.path + "/postgres") else {
      throw VectorServerMissing(folder: bin.path)
    }
    // The programs find their libraries beside the package that they came in.
    let packages = bin.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let copy = URL(fileURLWithPath: folder)
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: packages.path)
    where name.hasPrefix("pgserver") {
      try FileManager.default.copyItem(
        at: packages.appendingPathComponent(name), to: copy.appendingPathComponent(name))
    }
    return folder + "/pgserver/pginstall/bin"
  }
}

/// The server was not brought.
private struct VectorServerMissing: Error, CustomStringConvertible {
  let folder: String

  var description: String {
    "PostgreSQL with pgvector is not in \(folder); bring it with: scripts/vector-server"
  }
}
