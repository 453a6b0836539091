import Glibc
package import Postgres
import Synchronization

/// Stops servers and removes folders behind a test process, however that process ends.
///
/// A small shell waits for the end of a pipe that only this process holds open, then cleans up. On
/// an orderly exit the process waits for that.
package enum ClusterWatcher {
  /// Per watcher the end of the pipe that keeps it waiting, and its process id.
  private static let watchers = Mutex<[(pipe: Int32, process: pid_t)]>([])

  /// Sees to it that `cluster` is stopped and `folder` removed at the end of this process.
  package static func watch(_ cluster: PrivateCluster, removing folder: String) throws {
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
    let words = ["sh", "-c", script, folder] + (try cluster.stopCommand())
    var arguments = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawnp(&process, "sh", &actions, &attributes, arguments, environ)
    close(ends[0])
    guard code == 0 else { throw WatcherError(errno: code) }
    let isFirst = watchers.withLock { watchers in
      watchers.append((ends[1], process))
      return watchers.count == 1
    }
    if isFirst { atexit { ClusterWatcher.finish() } }
  }

  private static func finish() {
    let ended = watchers.withLock { $0 }
    for watcher in ended { close(watcher.pipe) }
    for watcher in ended { waitpid(watcher.process, nil, 0) }
  }
}

private struct WatcherError: Error {
  let errno: Int32
}
