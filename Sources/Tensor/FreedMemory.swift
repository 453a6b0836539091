import CKernels

/// What the process does with memory that it has freed.
public enum FreedMemory {
  /// Keeps freed memory for the next matrices instead of giving it back to the system.
  ///
  /// A training step makes and frees the same large matrices again and again. By default each is
  /// mapped anew and the kernel clears its pages one by one; keeping them took about a quarter off
  /// the processor time of a step of the backbone. The process stays as large as it has been, so
  /// this is for programs that train. It holds for the whole process; call it once at the start.
  public static func keep() {
    lig_keep_freed_memory()
  }
}
