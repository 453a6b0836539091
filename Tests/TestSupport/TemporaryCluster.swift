import Glibc
package import Postgres
import Synchronization

/// A PostgreSQL server for one test process, started when a test first asks for it.
///
/// It ends with the process however that ends: a small shell waits for the end of a pipe that only
/// this process holds open, then stops the server and removes its folder. On an orderly exit the
/// process waits for that.
package final class TemporaryCluster: Sendable {
  private let cluster: PrivateCluster
  private let databases = Atomic<Int>(0)

  /// The process's server. Throws when PostgreSQL is missing or does not start; tests then fail.
  package static func shared() throws -> TemporaryCluster {
    try sharedResult.get()
  }

  private static let sharedResult = Result { try TemporaryCluster() }

  private init() throws {
    let folder = "/tmp/ligature-test-\(getpid())"
    cluster = try PrivateCluster(folder: folder)
    try startWatcher(of: cluster)
    try cluster.start()
  }

  /// Makes an empty database for one test and returns how to connect to it.
  package func makeDatabase() throws -> ConnectionSettings {
    let number = databases.add(1, ordering: .relaxed).newValue
    let name = "test_\(number)"
    let settings = try cluster.settings()
    try Connection(settings).execute("create database \(identifier: name)")
    return settings.with(database: name)
  }
}

/// The pipe's end that keeps the watcher waiting, and the watcher's process id.
private let watcher = Mutex<(pipe: Int32, process: pid_t)?>(nil)

/// Starts the shell that cleans up behind this process.
private func startWatcher(of cluster: PrivateCluster) throws {
  var ends: [Int32] = [-1, -1]
  guard unsafe pipe(&ends) == 0, fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 else {
    throw WatcherError(errno: errno)
  }
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  for descriptor in Int32(3)..<256 {
    unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
  }
  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  // A group of its own, so that Ctrl-C in the terminal does not reach it.
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

  let script = "while read -r line; do :; done; \"$@\"; rm -rf -- \"$0\""
  let words = ["sh", "-c", script, cluster.folder] + (try cluster.stopCommand())
  var arguments = unsafe words.map { unsafe strdup($0) }
  unsafe arguments.append(nil)
  defer { unsafe arguments.forEach { unsafe free($0) } }
  var process = pid_t()
  let code = unsafe posix_spawnp(&process, "sh", &actions, &attributes, arguments, environ)
  close(ends[0])
  guard code == 0 else { throw WatcherError(errno: code) }
  watcher.withLock { $0 = (ends[1], process) }
  atexit {
    guard let (pipe, process) = watcher.withLock({ $0 }) else { return }
    close(pipe)
    waitpid(process, nil, 0)
  }
}

private struct WatcherError: Error {
  let errno: Int32
}
