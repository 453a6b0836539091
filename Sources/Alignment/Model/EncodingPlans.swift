import Synchronization

/// What encoding a batch needs beside its items and the weights, ready to be used again.
struct EncodingPlan: Sendable {
  /// Where the views are put together.
  var views = ViewBuffers()
  /// The way through the tower.
  var tower: TowerPlan
}

/// The plans of a model that wait for their next batch, by modality and by bucket of shapes.
///
/// A bucket holds the batches of up to a power of two of items, more than half of it. A plan belongs
/// to one batch at a time; batches that run beside each other have one each.
final class EncodingPlans: Sendable {
  /// The most items of a batch.
  static let batchItems = 1024
  /// Plans that wait in one bucket at most, so that memory does not grow with a rush of requests.
  private static let kept = 4

  private struct State {
    var made = 0
    var waiting: [[EncodingPlan]]
  }
  private let state: Mutex<State>
  private let make: @Sendable (Modality) -> EncodingPlan

  init(_ make: @escaping @Sendable (Modality) -> EncodingPlan) {
    self.make = make
    let buckets = Modality.allCases.count * (Self.bucket(Self.batchItems) + 1)
    state = Mutex(State(waiting: [[EncodingPlan]](repeating: [], count: buckets)))
  }

  /// How many plans were made so far.
  var made: Int { state.withLock { $0.made } }

  /// Runs `body` with a plan of a batch's bucket; `items` is in 1...``batchItems``.
  func withPlan<Result>(
    _ modality: Modality, items: Int, _ body: (inout EncodingPlan) -> Result
  ) -> Result {
    precondition(items > 0 && items <= Self.batchItems, "a batch of \(items) items")
    let place = 2 * Self.bucket(items) + (modality == .molecule ? 0 : 1)
    var plan =
      state.withLock { state in
        let waiting = state.waiting[place].popLast()
        if waiting == nil { state.made += 1 }
        return waiting
      } ?? make(modality)
    let result = body(&plan)
    state.withLock { state in
      if state.waiting[place].count < Self.kept { state.waiting[place].append(plan) }
    }
    return result
  }

  /// The exponent of the least power of two that is not below a number.
  private static func bucket(_ items: Int) -> Int {
    Int.bitWidth - (items - 1).leadingZeroBitCount
  }
}
