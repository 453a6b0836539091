import Glibc

/// One installation of PostgreSQL's programs.
struct ServerPrograms: Sendable, Equatable {
  /// The folder that holds `initdb`, `pg_ctl` and `postgres`, or `pg_dump`,
  /// `pg_restore` and `psql`.
  let folder: String
  /// The major version, such as 15; nil when the folder does not tell.
  let version: Int?

  func path(_ program: String) -> String { folder + "/" + program }

  /// Finds every installation: Debian's folders, highest version first, then the path.
  ///
  /// Throws `.programsNotFound` when there is none.
  static func find(
    debianRoot: String = "/usr/lib/postgresql", searchPath: String? = nil
  ) throws(ClusterError) -> [ServerPrograms] {
    let folders = candidates(debianRoot: debianRoot, searchPath: searchPath)
    let found = folders.filter { $0.holds(["initdb", "pg_ctl", "postgres"]) }
    guard !found.isEmpty else {
      let others = folders.filter { $0.version == nil }.map(\.folder)
      throw .programsNotFound(searched: ["\(debianRoot)/*/bin"] + others)
    }
    return found
  }

  /// The client programs for a server of that major version.
  ///
  /// Debian's folder of that version comes first; programs on the path are taken at their word,
  /// they refuse a server that is newer than they are. Throws `.programsNotFound`.
  static func findClients(
    version: Int, debianRoot: String = "/usr/lib/postgresql", searchPath: String? = nil
  ) throws(BackupError) -> ServerPrograms {
    let folders = candidates(debianRoot: debianRoot, searchPath: searchPath)
      .filter { $0.version == version || $0.version == nil }
    guard let found = folders.first(where: { $0.holds(["pg_dump", "pg_restore", "psql"]) }) else {
      let searched = ["\(debianRoot)/\(version)/bin"] + folders.map(\.folder)
      throw .programsNotFound(version: version, searched: searched)
    }
    return found
  }

  /// Debian's folders, highest version first, then those of the path.
  private static func candidates(debianRoot: String, searchPath: String?) -> [ServerPrograms] {
    let versions = (folderContents(debianRoot) ?? []).compactMap { Int($0) }.sorted(by: >)
    let debian = versions.map { ServerPrograms(folder: "\(debianRoot)/\($0)/bin", version: $0) }
    let path = searchPath ?? environmentPath
    return debian
      + path.split(separator: ":").map { ServerPrograms(folder: String($0), version: nil) }
  }

  /// The installation for data of that major version, or the first one for new data.
  static func choose(
    from programs: [ServerPrograms], dataVersion: Int?
  ) throws(ClusterError) -> ServerPrograms {
    guard let dataVersion else { return programs[0] }
    let match = programs.first { $0.version == dataVersion } ?? programs.first { $0.version == nil }
    guard let match else {
      throw .versionMismatch(data: dataVersion, programs: programs.compactMap(\.version))
    }
    return match
  }

  private func holds(_ programs: [String]) -> Bool {
    programs.allSatisfy { unsafe access(path($0), X_OK) == 0 }
  }

  private static var environmentPath: String {
    unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
  }
}
