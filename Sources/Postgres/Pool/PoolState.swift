/// The decisions of a connection pool: who gets which slot, who waits, who is refused.
///
/// It does no input or output, so it is tested without a database. A slot is the right to one
/// connection; whether the slot holds an open one is all that is known about it here. A freed slot
/// goes to the request that has waited longest.
struct PoolState {
  /// A slot's number, from 0 to the pool's limit.
  typealias Slot = Int
  /// A request's number, unique in the pool's life.
  typealias Request = UInt64

  /// What becomes of a request.
  enum Admission: Equatable {
    case lease(Slot)
    case wait
    case refuse
  }

  /// What becomes of a slot that was given back.
  enum Disposal: Equatable {
    /// This request has it now.
    case hand(to: Request)
    /// It stays for a later request.
    case park
    /// The pool is closed: its connection is closed.
    case close
  }

  let limit: Int
  /// Free slots with an open connection; the last one, the most recently used, goes first.
  private var warm: [Slot] = []
  /// Free slots without a connection.
  private var cold: [Slot]
  private var leased: Set<Slot> = []
  private var waiting: [Request] = []
  private var isClosed = false

  init(limit: Int) {
    precondition(limit > 0, "a pool of \(limit) connections")
    self.limit = limit
    cold = Array((0..<limit).reversed())
  }

  var leasedCount: Int { leased.count }
  var waitingCount: Int { waiting.count }
  /// Whether the pool is closed and everything has been given back.
  var isDrained: Bool { isClosed && leased.isEmpty }

  mutating func arrive(_ request: Request) -> Admission {
    if isClosed { return .refuse }
    guard let slot = warm.popLast() ?? cold.popLast() else {
      waiting.append(request)
      return .wait
    }
    leased.insert(slot)
    return .lease(slot)
  }

  /// Takes a slot back; `isWarm` tells whether it still holds a usable connection.
  mutating func giveBack(_ slot: Slot, isWarm: Bool) -> Disposal {
    precondition(leased.contains(slot), "slot \(slot) was given back twice")
    if isClosed {
      leased.remove(slot)
      return .close
    }
    if !waiting.isEmpty {
      return .hand(to: waiting.removeFirst())
    }
    leased.remove(slot)
    if isWarm { warm.append(slot) } else { cold.append(slot) }
    return .park
  }

  /// Ends a request's wait; returns false when it is not waiting any more.
  mutating func abandon(_ request: Request) -> Bool {
    guard let place = waiting.firstIndex(of: request) else { return false }
    waiting.remove(at: place)
    return true
  }

  /// Refuses everything from now on; returns the requests that were waiting and the free slots
  /// that hold a connection.
  mutating func close() -> (refused: [Request], closing: [Slot]) {
    isClosed = true
    defer {
      waiting = []
      cold += warm
      warm = []
    }
    return (waiting, warm)
  }
}
