import Glibc

/// How many files and sockets this process may have open at once.
enum DescriptorLimit {
  /// Raises the limit to what the system allows without asking (setrlimit(2)); returns it.
  ///
  /// The usual limit of 1024 is a courtesy to programs that call select(2). A refusal is no error:
  /// the process then goes on with what it has.
  @discardableResult static func raise() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return 1024 }
    let soft = limit.rlim_cur
    limit.rlim_cur = limit.rlim_max
    let isRaised = unsafe setrlimit(resource, &limit) == 0
    return Int(clamping: isRaised ? limit.rlim_max : soft)
  }
}
