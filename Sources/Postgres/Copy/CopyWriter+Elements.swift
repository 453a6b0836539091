extension CopyWriter {
  /// Appends numbers as `bytea`, in this machine's byte order.
  package mutating func append(elements: Span<some FixedWidthInteger & BitwiseCopyable>) {
    unsafe append(bytes: elements.bytes)
  }
}
