import Glibc

extension PrivateCluster {
  /// Makes the folder and the data in it when they do not exist yet.
  ///
  /// The data is made under another name and then renamed, so an interrupted run leaves nothing
  /// that looks complete.
  func initialise(_ programs: ServerPrograms, _ user: ServerUser) throws {
    if try FileStatus(dataFolder) != nil { return }
    let unfinished = folder + "/data.new"
    try runAsServer(user, ["rm", "-rf", "--", unfinished])
    try runAsServer(
      user,
      [
        programs.path("initdb"), "--pgdata=\(unfinished)", "--username=\(Self.databaseUser)",
        "--encoding=UTF8", "--locale=C", "--auth=reject", "--data-checksums",
      ] + (durability == .safe ? [] : ["--no-sync"]))
    try writeFile(
      "pg_hba.conf", in: unfinished, "local all all peer map=ligature\n", mode: 0o600, owner: user)
    let clients = Set([user.name, ServerUser.name(of: geteuid())]).sorted()
    let identities = clients.map { "ligature \"\($0)\" \(Self.databaseUser)\n" }.joined()
    try writeFile("pg_ident.conf", in: unfinished, identities, mode: 0o600, owner: user)
    try writeFile(
      "postgresql.conf", in: unfinished, "include 'ligature.conf'\n", mode: 0o600, owner: user)
    try check(unsafe rename(unfinished, dataFolder), "renaming", unfinished)
  }

  /// Makes the folder, or accepts it when it is ours or empty.
  func prepareFolder(_ user: ServerUser) throws(ClusterError) {
    try user.checkTraversal(to: folder)
    let contents = folderContents(folder) ?? []
    let beforeData: Set = ["data.new", "socket", "server.log"]
    guard contents.contains("data") || beforeData.isSuperset(of: contents) else {
      throw .foreignFolder(path: folder)
    }
    try makePrivateFolder(folder, owner: user, adopt: contents.isEmpty)
  }

  /// A sixteenth of the machine's memory, 256 MB to 2 GB; little for a cluster of a test.
  ///
  /// The indexes that a million items are written to do not fit into 256 MB.
  private var sharedMegabytes: Int {
    durability == .safe ? min(max(Self.machineMegabytes / 16, 256), 2048) : 128
  }

  private static var machineMegabytes: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) / (1 << 20 / sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Rewrites the settings, which depend on where the cluster lies.
  func configure(_ user: ServerUser) throws(ClusterError) {
    try makePrivateFolder(socketFolder, owner: user)
    let settings = """
      # Written at every start. Put your own settings behind the include line of postgresql.conf.
      listen_addresses = ''
      unix_socket_directories = '\(socketFolder)'
      unix_socket_permissions = 0700
      port = \(port)
      max_connections = 50
      fsync = \(durability == .safe ? "on" : "off")
      shared_buffers = \(sharedMegabytes)MB
      work_mem = 16MB
      maintenance_work_mem = 128MB
      effective_cache_size = \(Self.machineMegabytes / 2)MB
      max_wal_size = 4GB
      wal_compression = on
      checkpoint_timeout = 15min
      random_page_cost = 1.1
      max_worker_processes = 4
      max_parallel_workers = 2
      max_parallel_workers_per_gather = 1
      timezone = 'UTC'
      log_timezone = 'UTC'
      log_line_prefix = '%m [%p] %u@%d '

      """
    try writeFile("ligature.conf", in: dataFolder, settings, mode: 0o600, owner: user)
  }
}
