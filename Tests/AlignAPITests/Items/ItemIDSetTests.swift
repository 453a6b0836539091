import Retrieval
import Testing

@testable import AlignAPI

/// The set against Swift's own.
struct ItemIDSetTests {
  /// Ids near page ends, far apart and dense.
  private static func draw(_ count: Int, _ generator: inout some RandomNumberGenerator) -> Set<
    Int64
  > {
    Set(
      (0..<count).map { _ in
        let base = [0, 65_530, 131_072, 9_000_000_000].randomElement(using: &generator) ?? 0
        return Int64(base) + Int64.random(in: 0..<200, using: &generator)
      })
  }

  @Test func operationsAgreeWithSets() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let (left, right) = (Self.draw(300, &generator), Self.draw(300, &generator))
      let (mine, other) = (ItemIDSet(left), ItemIDSet(right))
      var union = mine
      union.formUnion(other)
      var common = mine
      common.formIntersection(other)
      #expect(mine.count == left.count)
      #expect(mine.largest == left.max())
      for bound in [0, 65_535, 65_550, 131_100, 9_000_000_063, .max] + left.prefix(5) {
        #expect(mine.upTo(bound).sorted() == left.filter { $0 <= bound }.sorted())
      }
      #expect(union.sorted() == left.union(right).sorted())
      #expect(common.sorted() == left.intersection(right).sorted())
      #expect(mine.subtracting(other).sorted() == left.subtracting(right).sorted())
      let asked = Array(left.union(right).union([1, 70_000])).shuffled(using: &generator)
      #expect(mine.rows(of: asked).rows.map { asked[Int($0)] } == asked.filter(left.contains))
      #expect(asked.allSatisfy { mine.contains($0) == left.contains($0) })
    }
  }

  @Test func chosenPlacesAreInserted() {
    let ids: [Int64] = [3, 65_536, 4, 65_537, 3]
    var set = ItemIDSet([4])
    set.insert(ids) { $0 != 1 }
    #expect(set.sorted() == [3, 4, 65_537])
    set.remove(3)
    set.remove(99)
    #expect(set.sorted() == [4, 65_537])
    set.remove(65_537)
    #expect(set.largest == 4 && ItemIDSet().largest == nil)
    #expect(!set.isEmpty && ItemIDSet().isEmpty)
  }
}
