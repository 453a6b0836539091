import Synchronization

/// Collects the results of parallel tiles in the order of the tiles.
final class Gathered<Value: Sendable>: Sendable {
  private let slots: Mutex<[[Value]]>

  init(pieces: Int) {
    slots = Mutex([[Value]](repeating: [], count: pieces))
  }

  func store(_ values: [Value], at piece: Int) {
    slots.withLock { $0[piece] = values }
  }

  func joined() -> [Value] {
    slots.withLock { slots in
      var values: [Value] = []
      values.reserveCapacity(slots.reduce(0) { $0 + $1.count })
      for slot in slots { values += slot }
      return values
    }
  }
}
