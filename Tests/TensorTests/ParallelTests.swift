import Synchronization
import Tensor
import Testing

struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 1000])
  func everyIndexIsVisitedOnce(count: Int) {
    let visits = Mutex([Int](repeating: 0, count: count))
    Parallel.forEach(count) { index in visits.withLock { $0[index] += 1 } }
    #expect(visits.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test(arguments: [(0, 3), (1, 3), (3, 3), (4, 3), (1000, 7), (5, 100)])
  func mappedValuesKeepTheirOrder(count: Int, size: Int) {
    #expect(Parallel.map(count, by: size) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [(0, 3), (2, 3), (7, 3), (1000, 7)])
  func aTileSharesItsStorage(count: Int, size: Int) {
    let places = Parallel.map(count, by: size, with: { 0 }) { index, seen in
      seen += 1
      return (index, seen)
    }
    #expect(places.map(\.0) == Array(0..<count))
    #expect(places.map(\.1) == (0..<count).map { $0 % size + 1 })
  }

  @Test func nestedLoopsFinish() {
    let sums = Parallel.map(8, by: 1) { outer in
      Parallel.map(50, by: 3) { outer * $0 }.reduce(0, +)
    }
    #expect(sums == (0..<8).map { $0 * 1225 })
  }
}
