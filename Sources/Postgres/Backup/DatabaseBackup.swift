import Glibc

/// Copies a database to a file and back, with PostgreSQL's own programs of the server's version.
///
/// The file has `pg_dump`'s custom format. Owners and rights are left out of it, so that it can be
/// restored by any role on any server. The password goes to the programs by their environment,
/// never by their arguments, which everyone on the machine can read.
package struct DatabaseBackup: Sendable {
  let settings: ConnectionSettings
  let programs: ServerPrograms
  private let environment: [String]

  /// Finds the programs for the server that a connection leads to, or takes those of a folder.
  ///
  /// Throws `.programsNotFound` and `.encryptedClientKey`.
  package init(
    _ settings: ConnectionSettings, serverVersion: Int, programs folder: String? = nil
  ) throws(BackupError) {
    self.settings = settings
    if let folder {
      programs = ServerPrograms(folder: folder, version: nil)
    } else {
      programs = try ServerPrograms.findClients(version: serverVersion / 10_000)
    }
    // The first word of a name counts.
    environment = try settings.secretEnvironment() + Self.inheritedEnvironment
  }

  /// Writes a backup; returns its size in bytes.
  ///
  /// It is written beside its place under another name, read through once, and renamed. Whatever
  /// goes wrong, a file that was there before stays. Throws ``BackupError`` and ``ClusterError``.
  package func write(to path: String, shouldStop: @escaping () -> Bool = { false }) throws -> Int {
    let temporary = "\(path).part-\(getpid())"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.fileError(path, "writing") }
    defer {
      close(descriptor)
      // It is gone under this name once it has its place.
      unsafe unlink(temporary)
    }
    try run(
      "pg_dump",
      [
        "--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--no-password",
        "--file=\(temporary)", "--dbname=\(settings.keywordString)",
      ], shouldStop)
    try check(temporary, shownAs: path, shouldStop)
    guard fsync(descriptor) == 0 else { throw Self.fileError(path, "writing") }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, unsafe rename(temporary, path) == 0 else {
      throw Self.fileError(path, "writing")
    }
    return Int(status.st_size)
  }

  /// Reads a backup from its first byte to its last; throws `.damaged`.
  func check(
    _ path: String, shownAs name: String, _ shouldStop: @escaping () -> Bool
  ) throws {
    do {
      try run("pg_restore", ["--list", "--file=/dev/null", path], shouldStop)
      try run("pg_restore", ["--file=/dev/null", path], shouldStop)
    } catch BackupError.programFailed(_, _, let output) {
      throw BackupError.damaged(path: name, output: output)
    }
  }

  /// Runs one of the programs; throws `.programFailed` and `.stopped`.
  func run(_ program: String, _ arguments: [String], _ shouldStop: @escaping () -> Bool) throws {
    try run(program, in: [programs.path(program)], arguments, shouldStop)
  }

  /// Runs a command line that begins with `launcher`; `program` is what errors call it.
  func run(
    _ program: String, in launcher: [String], _ arguments: [String],
    _ shouldStop: @escaping () -> Bool
  ) throws {
    let process = Subprocess(arguments: launcher + arguments, environment: environment)
    let outcome = try process.run(shouldStop: shouldStop)
    if outcome.status == 0 { return }
    if shouldStop() { throw BackupError.stopped }
    throw BackupError.programFailed(
      program: program, status: outcome.status, output: settings.redacting(outcome.output))
  }

  static func fileError(_ path: String, _ operation: String) -> BackupError {
    .file(path: path, operation: operation, reason: systemMessage(errno))
  }

  /// What libpq itself would read from this process's environment, and where it looks for
  /// `.pgpass` and certificates.
  private static var inheritedEnvironment: [String] {
    var words: [String] = []
    var next = unsafe environ
    while let word = unsafe next.pointee {
      let text = unsafe String(cString: word)
      if text.hasPrefix("PG") || text.hasPrefix("HOME=") { words.append(text) }
      unsafe next += 1
    }
    return words
  }
}
