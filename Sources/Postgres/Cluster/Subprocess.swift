import Glibc

/// Runs a program to its end, without a shell.
///
/// It reads nothing, starts in `/` with a small environment of its own, takes signals as usual, and
/// holds no open file of ours; so a server that it leaves behind depends on nothing of ours. Its
/// output goes to a file without a name, which unlike a pipe never fills and has no end to wait for.
struct Subprocess {
  /// The program, looked up in the path, and its arguments.
  let arguments: [String]
  /// Further words of its environment, `NAME=value`; they come before its own.
  var environment: [String] = []

  /// How a program ended.
  struct Outcome {
    /// The exit status, 128 + the signal's number for a program that was killed.
    let status: Int32
    /// The last lines of what it wrote.
    let output: String
  }

  private static let ownEnvironment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"]

  /// Waits for the program's end; asks it to end early (SIGTERM) once `shouldStop` says so.
  ///
  /// Without `shouldStop` it waits in the system; otherwise it looks fifty times a second.
  func run(shouldStop: (() -> Bool)? = nil) throws(ClusterError) -> Outcome {
    guard let file = unsafe tmpfile() else {
      throw .system(operation: "keeping the output of", path: arguments[0], errno: errno)
    }
    defer { unsafe fclose(file) }
    let output = unsafe fileno(file)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // One that is closed by now is no error (glibc ignores it).
    for descriptor in (folderContents("/proc/self/fd") ?? []).compactMap({ Int32($0) })
    where descriptor > 2 {
      unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    // Threads of Dispatch block signals, and a program that ignores Ctrl-C would hand that down.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var process = pid_t()
    let code = unsafe withCStrings(["env", "--chdir=/"] + arguments) { words in
      unsafe withCStrings(environment + Self.ownEnvironment) { environment in
        unsafe posix_spawnp(&process, "env", &actions, &attributes, words, environment)
      }
    }
    guard code == 0 else {
      throw .system(operation: "running", path: arguments.joined(separator: " "), errno: code)
    }
    let status = try wait(for: process, shouldStop)
    let signal = status & 0x7f
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
      output: lastLines(ofOpen: output))
  }

  private func wait(
    for process: pid_t, _ shouldStop: (() -> Bool)?
  ) throws(ClusterError) -> Int32 {
    var status: Int32 = 0
    var wasAsked = false
    while true {
      let ended = unsafe waitpid(process, &status, shouldStop == nil ? 0 : WNOHANG)
      if ended == process { return status }
      if ended == 0 {
        if !wasAsked, shouldStop?() == true {
          wasAsked = true
          kill(process, SIGTERM)
        }
        usleep(20_000)
      } else if errno != EINTR {
        throw .system(operation: "waiting for", path: arguments[0], errno: errno)
      }
    }
  }
}

/// Gives `body` a null-terminated array of writable C strings, as `posix_spawn` wants it.
private func withCStrings<Value>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
  var copies = unsafe strings.map { unsafe strdup($0) }
  unsafe copies.append(nil)
  defer { unsafe copies.forEach { unsafe free($0) } }
  return unsafe copies.withUnsafeMutableBufferPointer { list in
    guard let base = list.baseAddress else { preconditionFailure("an array of one is not empty") }
    return unsafe body(base)
  }
}
