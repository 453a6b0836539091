import Dispatch

/// Data parallelism over independent tiles.
public enum Parallel {
  /// Whether work stays on the thread that asks for it: its priority is then that of all of it.
  @TaskLocal public static var isConfined = false

  /// Calls `body` once for every index in `0..<count` on all cores, or on this thread alone where it
  /// ``isConfined``, and returns when all are done.
  ///
  /// The calls must be independent of one another; their order is not defined.
  public static func forEach(_ count: Int, _ body: (Int) -> Void) {
    if count <= 1 || isConfined {
      for index in 0..<count { body(index) }
      return
    }
    // `concurrentPerform` returns only after every call, so the closure outlives none of them;
    // the caller promises that the calls are independent.
    withoutActuallyEscaping(body) { escaping in
      nonisolated(unsafe) let work = escaping
      DispatchQueue.concurrentPerform(iterations: count) { index in unsafe work(index) }
    }
  }

  /// Maps every index in `0..<count` on all cores, in tiles of `size`; results are in order.
  public static func map<Value: Sendable>(
    _ count: Int, by size: Int, _ transform: (Int) -> Value
  ) -> [Value] {
    map(count, by: size, with: { () }) { index, _ in transform(index) }
  }

  /// Maps every index in `0..<count`; each tile of `size` has a storage of its own, which `make`
  /// makes and the indices of the tile share, one after another.
  public static func map<Value: Sendable, Storage>(
    _ count: Int, by size: Int, with make: () -> Storage,
    _ transform: (Int, inout Storage) -> Value
  ) -> [Value] {
    func tile(_ piece: Int) -> [Value] {
      var values: [Value] = []
      var storage = make()
      let end = min((piece + 1) * size, count)
      values.reserveCapacity(end - piece * size)
      for index in piece * size..<end { values.append(transform(index, &storage)) }
      return values
    }
    let pieces = (count + size - 1) / size
    if pieces <= 1 { return tile(0) }
    let gathered = Gathered<Value>(pieces: pieces)
    forEach(pieces) { gathered.store(tile($0), at: $0) }
    return gathered.joined()
  }
}
