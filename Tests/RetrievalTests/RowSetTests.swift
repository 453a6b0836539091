import Retrieval
import Tensor
import Testing

@Suite struct RowSetTests {
  @Test(arguments: [0, 1, 63, 64, 65, 300])
  func operationsAgreeWithSets(count: Int) {
    var source = RandomSource(seed: UInt64(count))
    let first = Set((0..<count).filter { _ in source.uniform() < 0.3 })
    let second = Set((0..<count).filter { _ in source.uniform() < 0.6 })
    let a = RowSet(count: count, where: first.contains)
    var b = RowSet(count: count)
    for row in second { b.insert(row) }
    func members(_ set: RowSet) -> Set<Int> { Set(set.rows.map(Int.init)) }
    #expect(members(a) == first && a.population == first.count)
    #expect(members(a.intersection(b)) == first.intersection(second))
    #expect(members(a.union(b)) == first.union(second))
    #expect(members(a.complement) == Set(0..<count).subtracting(first))
    #expect((0..<count).allSatisfy { b.contains($0) == second.contains($0) })
    for row in second { b.remove(row) }
    #expect(b == RowSet(count: count))
  }

  @Test func bitsBeyondTheBoundAreCleared() {
    let set = RowSet(count: 65, words: [.max, .max])
    #expect(set.population == 65)
    #expect(set.words == [.max, 1])
  }

  @Test func rowsComeInOrder() {
    let set = RowSet(count: 200) { $0 % 67 == 0 }
    #expect(set.rows == [0, 67, 134])
  }

  @Test func aRowBeyondTheBoundStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      var set = RowSet(count: 64)
      set.insert(64)
    }
  }
}
