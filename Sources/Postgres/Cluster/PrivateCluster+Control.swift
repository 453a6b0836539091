import Glibc

extension PrivateCluster {
  /// Starts the server, making cluster and database first when they do not exist.
  ///
  /// Returns when the server takes connections. A server that runs already is left alone, a
  /// `postmaster.pid` of a server that crashed is no hindrance, and two processes may call this at
  /// once. Throws ``ClusterError``, or ``PostgresError`` when the database cannot be made.
  package func start() throws {
    let user = try ServerUser.current()
    try prepareFolder(user)
    try whileLocked {
      let programs = try self.programs()
      try initialise(programs, user)
      if case .running = try status() { return }
      try configure(user)
      try runAsServer(
        user,
        [
          programs.path("pg_ctl"), "start", "--pgdata=\(dataFolder)", "--log=\(serverLog)",
          "--wait", "--timeout=60", "--silent",
        ])
      try makeDatabase()
    }
  }

  /// Stops the server: open transactions are rolled back, everything committed is on disk.
  ///
  /// Returns when it has ended; a server that does not run is fine.
  package func stop() throws {
    guard case .running = try status() else { return }
    try whileLocked {
      guard case .running = try status() else { return }
      try run(stopCommand())
      if !socketFolder.hasPrefix(folder) { unsafe rmdir(socketFolder) }
    }
  }

  /// Asks the server's programs whether it runs.
  package func status() throws -> Status {
    guard try FileStatus(dataFolder) != nil else { return .absent }
    let user = try ServerUser.current()
    let command = [try programs().path("pg_ctl"), "status", "--pgdata=\(dataFolder)"]
    let output = folder + "/status.log"
    let code = try Subprocess(arguments: user.commandPrefix + command, output: output).run()
    defer { unsafe unlink(output) }
    let text = lastLines(of: output)
    switch code {
    case 0:
      let digits = text.drop { $0 != ":" }.drop { !$0.isNumber }.prefix { $0.isNumber }
      return .running(processID: Int32(digits) ?? 0)
    case 3: return .stopped
    default:
      throw ClusterError.programFailed(program: "pg_ctl", status: code, output: text, log: "")
    }
  }

  /// The command line that stops the server, for whoever has to do it after this process.
  package func stopCommand() throws -> [String] {
    try ServerUser.current().commandPrefix + [
      programs().path("pg_ctl"), "stop", "--pgdata=\(dataFolder)",
      "--mode=\(durability == .safe ? "fast" : "immediate")", "--wait",
      "--timeout=60", "--silent",
    ]
  }

  /// The programs that fit the data, or the newest when there is no data yet.
  private func programs() throws(ClusterError) -> ServerPrograms {
    let version = lastLines(of: dataFolder + "/PG_VERSION", lines: 1)
    return try ServerPrograms.choose(from: ServerPrograms.find(), dataVersion: Int(version))
  }

  /// Makes the database when the cluster is new.
  private func makeDatabase() throws {
    let connection = try Connection(settings().with(database: "postgres"))
    let name = Self.databaseName
    let found = try connection.query("select 1 from pg_database where datname = \(name)")
    if found.isEmpty { try connection.execute("create database \(identifier: name)") }
  }

  /// Runs a program as the server's user; throws with what it and the server said.
  func runAsServer(_ user: ServerUser, _ command: [String]) throws(ClusterError) {
    try run(user.commandPrefix + command)
  }

  private func run(_ command: [String]) throws(ClusterError) {
    let status = try Subprocess(arguments: command, output: commandLog).run()
    guard status == 0 else {
      throw .programFailed(
        program: command.joined(separator: " "), status: status, output: lastLines(of: commandLog),
        log: lastLines(of: serverLog))
    }
  }

  /// Keeps other processes from starting or stopping this cluster meanwhile.
  private func whileLocked<Value>(_ body: () throws -> Value) throws -> Value {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ClusterError.system(operation: "opening", path: folder, errno: errno)
    }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        throw ClusterError.system(operation: "locking", path: folder, errno: errno)
      }
    }
    return try body()
  }
}
