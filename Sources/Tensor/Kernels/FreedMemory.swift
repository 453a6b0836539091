import CKernels

/// What happens to memory that the program frees.
package enum FreedMemory {
  /// Keeps freed memory for the next allocation instead of giving it back to the system.
  ///
  /// A training step allocates the same large matrices again and again; given back each time, the
  /// system must map and clear every page anew: a third more time for a step of the sequence view.
  /// For programs that train or encode much; call it once, at the start. The process then holds
  /// its largest working set until it ends. Blocks above 32 MiB, the most glibc allows, are still
  /// mapped one by one. Does nothing outside of glibc.
  package static func keep() {
    lig_keep_freed_memory()
  }
}
