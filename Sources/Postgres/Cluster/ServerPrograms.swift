import Glibc

/// One installation of PostgreSQL's server programs.
struct ServerPrograms: Sendable, Equatable {
  /// The folder that holds `initdb`, `pg_ctl` and `postgres`.
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
    let versions = (folderContents(debianRoot) ?? []).compactMap { Int($0) }.sorted(by: >)
    let debian = versions.map { ServerPrograms(folder: "\(debianRoot)/\($0)/bin", version: $0) }
    let path = searchPath ?? environmentPath
    let others = path.split(separator: ":").map {
      ServerPrograms(folder: String($0), version: nil)
    }
    let found = (debian + others).filter(\.isComplete)
    guard !found.isEmpty else {
      throw .programsNotFound(searched: ["\(debianRoot)/*/bin"] + others.map(\.folder))
    }
    return found
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

  private var isComplete: Bool {
    ["initdb", "pg_ctl", "postgres"].allSatisfy { unsafe access(path($0), X_OK) == 0 }
  }

  private static var environmentPath: String {
    unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
  }
}
