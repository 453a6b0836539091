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
    let pieces = (count + size - 1) / size
    let gathered = Gathered<Value>(pieces: pieces)
    forEach(pieces) { piece in
      var values: [Value] = []
      let end = min((piece + 1) * size, count)
      values.reserveCapacity(end - piece * size)
      for index in piece * size..<end { values.append(transform(index)) }
      gathered.store(values, at: piece)
    }
    return gathered.joined()
  }
}
