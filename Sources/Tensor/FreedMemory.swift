import Glibc

/// What the process does with memory that it has freed.
public enum FreedMemory {
  /// Keeps freed memory for the next matrices instead of giving it back to the system.
  ///
  /// A training step makes and frees the same large matrices again and again. By default each is
  /// mapped anew and its pages are cleared by the kernel one by one; Benchmarks/backbone.sh took a
  /// quarter to a third less processor time with this. The process stays as large as it has been,
  /// so it is for programs that train, not for servers. Applies to the whole process; call it once
  /// at the start.
  public static func keep() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30)
    mallopt(M_TRIM_THRESHOLD, .max)
  }
}
