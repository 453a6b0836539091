/// The best `capacity` of the hits offered so far: a binary heap with the worst of them on top.
struct BestHits: Sendable {
  private let capacity: Int
  private var heap: [SearchHit] = []

  /// Keeps at most `capacity` hits, at least one.
  init(capacity: Int) {
    precondition(capacity > 0, "room for \(capacity) hits")
    self.capacity = capacity
    heap.reserveCapacity(capacity)
  }

  /// The score below which an offer changes nothing.
  var threshold: Float {
    heap.count < capacity ? -.infinity : heap[0].score
  }

  /// Keeps the hit if it is among the best; O(log capacity).
  mutating func offer(_ hit: SearchHit) {
    if heap.count < capacity {
      heap.append(hit)
      siftUp(heap.count - 1)
    } else if hit.precedes(heap[0]) {
      heap[0] = hit
      siftDown()
    }
  }

  /// Keeps the best of both.
  mutating func merge(_ other: BestHits) {
    for hit in other.heap { offer(hit) }
  }

  /// The kept hits, best first.
  func sorted() -> [SearchHit] {
    heap.sorted { $0.precedes($1) }
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      if !heap[parent].precedes(heap[child]) { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= heap.count { return }
      if child + 1 < heap.count && heap[child].precedes(heap[child + 1]) { child += 1 }
      if !heap[parent].precedes(heap[child]) { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
