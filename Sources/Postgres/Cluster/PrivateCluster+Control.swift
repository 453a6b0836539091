import Glibc

extension PrivateCluster {
  /// Starts the server, making cluster and database first when they do not exist.
  ///
  /// Returns when the server takes connections. A server that runs already goes on, a
  /// `postmaster.pid` of a server that crashed is no hindrance, a start that was interrupted is
  /// completed, and two processes may call this at once. Throws ``ClusterError``, or ``PostgresError`` when the database cannot be made.
  package func start() throws {
    let user = try ServerUser.current()
    try prepareFolder(user)
    try whileLocked {
      let programs = try self.programs()
      try initialise(programs, user)
      if case .running = try status() {
        waitUntilReady()
      } else {
        try configure(user)
        try runAsServer(
          user,
          [
            programs.path("pg_ctl"), "start", "--pgdata=\(dataFolder)", "--log=\(serverLog)",
            "--wait", "--timeout=60", "--silent",
          ])
      }
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
    let outcome = try Subprocess(arguments: user.commandPrefix + command).run()
    switch outcome.status {
    case 0:
      let digits = outcome.output.drop { $0 != ":" }.drop { !$0.isNumber }.prefix { $0.isNumber }
      return .running(processID: Int32(digits) ?? 0)
    case 3: return .stopped
    default:
      throw ClusterError.programFailed(
        program: "pg_ctl", status: outcome.status, output: outcome.output, log: "")
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
    if let programFolder { return ServerPrograms(folder: programFolder, version: nil) }
    let version = lastLines(of: dataFolder + "/PG_VERSION", lines: 1)
    return try ServerPrograms.choose(from: ServerPrograms.find(), dataVersion: Int(version))
  }

  /// Waits at most a minute for a server that another process has started.
  ///
  /// It keeps its state in the last line of `postmaster.pid` (`PM_STATUS_READY` in PostgreSQL's
  /// `pidfile.h`).
  private func waitUntilReady() {
    let file = dataFolder + "/postmaster.pid"
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      let state = lastLines(of: file, lines: 1)
      if state.isEmpty || state.hasPrefix("ready") { return }
      usleep(10_000)
    }
  }

  /// Makes the database when it is not there.
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
    let outcome = try Subprocess(arguments: command).run()
    guard outcome.status == 0 else {
      throw .programFailed(
        program: command.joined(separator: " "), status: outcome.status, output: outcome.output,
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
