/// A fixed number of plain values that one owner reads and writes: scratch space of hot loops.
///
/// Unlike `Array` it is never shared, so an access costs a bounds check and nothing else.
@safe
struct FixedArray<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int
  /// Whether the memory is given back with the array, rather than by the ``Slab`` it was cut from.
  private let isOwner: Bool

  /// Takes the values of an array.
  init(_ values: [Element]) where Element: ExpressibleByIntegerLiteral {
    self.init(repeating: 0, count: values.count)
    assign(values)
  }

  init(repeating value: Element, count: Int) {
    unsafe base = .allocate(capacity: max(count, 1))
    unsafe base.initialize(repeating: value, count: count)
    self.count = count
    isOwner = true
  }

  /// Places whose values mean nothing until they are written.
  init(unwritten count: Int) {
    unsafe base = .allocate(capacity: max(count, 1))
    self.count = count
    isOwner = true
  }

  /// A part of a ``Slab``, which outlives it.
  @unsafe
  init(borrowing base: UnsafeMutablePointer<Element>, count: Int) {
    unsafe self.base = base
    self.count = count
    isOwner = false
  }

  deinit { if isOwner { unsafe base.deallocate() } }

  /// Writes one value to every place.
  @inline(__always)
  borrowing func fill(_ value: Element) {
    unsafe base.update(repeating: value, count: count)
  }

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

  /// Sorts the first places, ascending: by insertion where they are few, else by Shell's method.
  @inline(__always)
  borrowing func sortFirst(_ length: Int) where Element: Comparable {
    if length > 40 {
      sortInPlace(0..<length) { $0 }
      return
    }
    var next = 1
    while next < length {
      let value = self[next]
      var place = next
      while place > 0, self[place - 1] > value {
        self[place] = self[place - 1]
        place -= 1
      }
      self[place] = value
      next += 1
    }
  }

  /// Sorts a range of places by keys of their values (Shell's method).
  @inline(__always)
  borrowing func sortInPlace<Key: Comparable>(_ range: Range<Int>, by key: (Element) -> Key) {
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

  /// The text whose UTF-8 the first values are.
  borrowing func string(first length: Int) -> String where Element == UInt8 {
    precondition(length >= 0 && length <= count, "\(length) of \(count)")
    return unsafe String(decoding: UnsafeBufferPointer(start: base, count: length), as: UTF8.self)
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
