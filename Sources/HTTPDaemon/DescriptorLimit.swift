import Glibc

/// How many files and sockets this process may have open at once.
enum DescriptorLimit {
  /// Raises the limit to what the system allows without asking (setrlimit(2)).
  ///
  /// The usual limit of 1024 is a courtesy to programs that call select(2). A refusal is no error:
  /// the process then goes on with what it has.
  static func raise() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(resource, &limit)
  }
}
