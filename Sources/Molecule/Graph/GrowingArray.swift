/// Plain values under construction; one owner, so that appending costs a comparison.
struct GrowingArray<Element: BitwiseCopyable>: ~Copyable {
  private var storage: FixedArray<Element>
  private(set) var count = 0

  /// Space for `capacity` values at first.
  init(capacity: Int) {
    storage = FixedArray(unwritten: max(capacity, 16))
  }

  var isEmpty: Bool { count == 0 }

  subscript(_ index: Int) -> Element {
    @inline(__always) get {
      precondition(index < count, "index past the end")
      return storage[index]
    }
    @inline(__always) set {
      precondition(index < count, "index past the end")
      storage[index] = newValue
    }
  }

  @inline(__always)
  mutating func append(_ value: Element) {
    if count == storage.count { grow() }
    storage[count] = value
    count += 1
  }

  mutating func append(contentsOf values: some Sequence<Element>) {
    for value in values { append(value) }
  }

  @inline(__always)
  mutating func removeLast() -> Element {
    precondition(count > 0, "nothing to remove")
    count -= 1
    return storage[count]
  }

  @inline(__always)
  mutating func removeAll() { count = 0 }

  private mutating func grow() {
    let larger = FixedArray<Element>(unwritten: 2 * storage.count)
    for index in 0..<count { larger[index] = storage[index] }
    storage = larger
  }

  /// Adds the values so far to the end of an array.
  borrowing func copy(to target: inout [Element]) { storage.copy(first: count, to: &target) }

  /// The text whose UTF-8 the values so far are.
  borrowing func string() -> String where Element == UInt8 { storage.string(first: count) }

  /// The values so far.
  borrowing func array() -> [Element] { storage.array(first: count) }
}
