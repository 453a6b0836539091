/// One piece of memory from which a task cuts the arrays it works with, so that a molecule costs one
/// allocation and not dozens.
///
/// The arrays cut from a slab do not own their memory: their user calls ``release()`` after the last
/// use of all of them.
@safe
struct Slab: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private var used = 0

  /// Space for arrays of `bytes` in all, 8 bytes of rounding each included; what does not fit is
  /// allocated by itself.
  init(bytes: Int) {
    capacity = max(bytes, 64)
    unsafe base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  /// Cuts an array whose values mean nothing until they are written.
  @inline(__always)
  mutating func take<Element>(
    _ count: Int, of type: Element.Type = Element.self
  ) -> FixedArray<Element> {
    precondition(count >= 0, "an array of \(count)")
    let bytes = (count * MemoryLayout<Element>.stride + 7) & ~7
    guard bytes <= capacity - used, MemoryLayout<Element>.alignment <= 8 else {
      return FixedArray(unwritten: count)
    }
    let part = unsafe (base + used).bindMemory(to: Element.self, capacity: count)
    used += bytes
    return unsafe FixedArray(borrowing: part, count: count)
  }

  /// Cuts an array of equal values.
  @inline(__always)
  mutating func take<Element>(repeating value: Element, _ count: Int) -> FixedArray<Element> {
    let part = take(count, of: Element.self)
    part.fill(value)
    return part
  }

  /// Ends the life of the slab, after that of its arrays.
  consuming func release() {}
}
