import Tensor
import Testing

struct KeyIndexTests {
  @Test func keysAreNumberedInTheOrderOfArrivalThroughGrowth() {
    var index = KeyIndex()
    var source = RandomSource(seed: 1)
    // Past three doublings of the smallest table.
    let keys = (0..<5000).map { _ in source.next() }
    for (number, key) in keys.enumerated() {
      #expect(index.find(key) == nil)
      #expect(index.insert(key) == number)
    }
    #expect(index.keys == keys)
    for (number, key) in keys.enumerated() {
      #expect(index.find(key) == number)
      #expect(index.insert(key) == number)
    }
    #expect(index.keys.count == keys.count)
  }

  @Test func keysThatShareASlotStayApart() {
    var index = KeyIndex()
    // Multiples of 2²⁰ agree in every low bit that picks a slot.
    let keys = (0..<400).map { UInt64($0) << 20 } + [UInt64.max, UInt64.max - 1]
    for key in keys { _ = index.insert(key) }
    #expect(keys.map { index.find($0) } == keys.indices.map { $0 })
    #expect(index.find(401 << 20) == nil)
  }

  @Test func emptyIndexFindsNothing() {
    #expect(KeyIndex(minimumCapacity: 0).find(0) == nil)
  }
}
