/// Finds the row of an id: rows in the order of their ids, 4 bytes each.
struct RowLookup: Sendable {
  private let ids: [Int64]
  /// Rows by ascending id; empty when the ids ascend themselves.
  private let order: [Int32]

  /// Sorts ids, no two alike; O(n log n), O(n) when they ascend.
  init(_ ids: [Int64]) {
    self.ids = ids
    let ascend = zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
    order = ascend ? [] : (0..<Int32(ids.count)).sorted { ids[Int($0)] < ids[Int($1)] }
  }

  /// The row of an id, if there is one; O(log n).
  func row(of id: Int64) -> Int? {
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[row(at: middle)] < id { low = middle + 1 } else { high = middle }
    }
    if low == ids.count { return nil }
    let found = row(at: low)
    return ids[found] == id ? found : nil
  }

  private func row(at place: Int) -> Int { order.isEmpty ? place : Int(order[place]) }
}
