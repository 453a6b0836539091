/// A fixed number of plain values that one owner reads and writes: scratch space of hot loops.
///
/// Unlike `Array` it is never shared, so an access costs a bounds check and nothing else.
@safe
struct FixedArray<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  /// Takes the values of an array.
  init(_ values: [Element]) where Element: ExpressibleByIntegerLiteral {
    self.init(repeating: 0, count: values.count)
    assign(values)
  }

  init(repeating value: Element, count: Int) {
    unsafe base = .allocate(capacity: max(count, 1))
    unsafe base.initialize(repeating: value, count: count)
    self.count = count
  }

  /// Places whose values mean nothing until they are written.
  init(unwritten count: Int) {
    unsafe base = .allocate(capacity: max(count, 1))
    self.count = count
  }

  deinit { unsafe base.deallocate() }

  subscript(_ index: Int) -> Element {
    @inline(__always) get {
      precondition(index >= 0 && index < count, "index past the end")
      return unsafe base[index]
    }
    @inline(__always) nonmutating set {
      precondition(index >= 0 && index < count, "index past the end")
      unsafe base[index] = newValue
    }
  }

  @inline(__always)
  borrowing func swapAt(_ left: Int, _ right: Int) {
    let value = self[left]
    self[left] = self[right]
    self[right] = value
  }

  /// Sorts a range of places by 64-bit keys of their values (Shell's method).
  @inline(__always)
  borrowing func sortInPlace(_ range: Range<Int>, by key: (Element) -> UInt64) {
    var gap = 1
    while gap * 9 / 4 < range.count { gap = gap * 9 / 4 + 1 }
    while gap > 0 {
      var next = range.lowerBound + gap
      while next < range.upperBound {
        let value = self[next]
        let valueKey = key(value)
        var place = next
        while place - gap >= range.lowerBound, key(self[place - gap]) > valueKey {
          self[place] = self[place - gap]
          place -= gap
        }
        self[place] = value
        next += 1
      }
      gap = gap == 1 ? 0 : max(1, gap * 4 / 9)
    }
  }

  /// Sorts a range of places by a key of their values.
  borrowing func sort<Key: Comparable>(_ range: Range<Int>, by key: (Element) -> Key) {
    var values = range.map { self[$0] }
    values.sort { key($0) < key($1) }
    for index in values.indices { self[range.lowerBound + index] = values[index] }
  }

  /// A copy that outlives the owner.
  borrowing func array() -> [Element] {
    unsafe Array(UnsafeBufferPointer(start: base, count: count))
  }

  /// A copy of the first values.
  borrowing func array(first length: Int) -> [Element] {
    precondition(length >= 0 && length <= count, "\(length) of \(count)")
    return unsafe Array(UnsafeBufferPointer(start: base, count: length))
  }

  /// Adds the first values to the end of an array.
  borrowing func copy(first length: Int, to target: inout [Element]) {
    precondition(length >= 0 && length <= count, "\(length) of \(count)")
    unsafe target.append(contentsOf: UnsafeBufferPointer(start: base, count: length))
  }

  /// Takes the values of an array of the same count.
  borrowing func assign(_ values: [Element]) {
    precondition(values.count == count, "\(values.count) values for \(count)")
    for index in 0..<count { self[index] = values[index] }
  }
}
