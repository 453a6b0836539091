import Retrieval
import Tensor
import Testing

@Suite struct ExactIndexBuilderTests {
  /// The bytes that a database holds for a vector.
  private func stored(_ values: [Float]) -> [UInt8] {
    HalfMatrix(rounding: Matrix(rows: 1, columns: values.count, values: values)).bits.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
  }

  @Test func bytesAreReadLittleEndian() throws {
    var builder = ExactIndex.Builder(dimension: 2)
    try builder.append(id: 5, littleEndianHalves: [0x00, 0x3c, 0x01, 0xc0] as [UInt8])
    let index = builder.build()
    #expect(index.ids == [5])
    #expect(index.vectors.bits == [0x3c00, 0xc001])
    #expect(index.vectors.widened().values == [1, -2.001953125])
  }

  @Test(arguments: [0, 3, 5, 8])
  func aWrongNumberOfBytesIsRefused(bytes: Int) throws {
    var builder = ExactIndex.Builder(dimension: 2)
    #expect(throws: VectorError(id: 9, reason: .byteCount(found: bytes, expected: 4))) {
      try builder.append(id: 9, littleEndianHalves: [UInt8](repeating: 0, count: bytes))
    }
    #expect(builder.count == 0)
  }

  @Test func aRefusedVectorLeavesTheBuilderAsItWas() throws {
    var builder = ExactIndex.Builder(dimension: 3)
    try builder.append(id: 1, littleEndianHalves: stored([1, 2, 3]))
    #expect(throws: VectorError(id: 2, reason: .notFinite(component: 1))) {
      try builder.append(id: 2, littleEndianHalves: stored([1, .nan, 3]))
    }
    #expect(throws: VectorError(id: 1, reason: .repeatedID)) {
      try builder.append(id: 1, littleEndianHalves: stored([4, 5, 6]))
    }
    try builder.append(id: 2, littleEndianHalves: stored([7, 8, 9]))
    #expect(builder.build().vectors.widened().values == [1, 2, 3, 7, 8, 9])
  }

  @Test func removingAnIdTakesItsVectorAlong() throws {
    var builder = ExactIndex.Builder(dimension: 1)
    for id in 1...4 { try builder.append(id: Int64(id), littleEndianHalves: stored([Float(id)])) }
    let removals = [2, 2, 4].map { builder.remove(id: $0) }
    #expect(removals == [true, false, true])
    #expect(builder.count == 2)
    let hits = builder.build().search(queries: Matrix(rows: 1, columns: 1, values: [1]), count: 9)
    #expect(hits == [[SearchHit(id: 3, score: 3), SearchHit(id: 1, score: 1)]])
    try builder.append(id: 2, littleEndianHalves: stored([9]))
    #expect(builder.build().vectors.rows == 3)
  }

  @Test func theLastItemCanBeRemoved() throws {
    var builder = ExactIndex.Builder(dimension: 1)
    try builder.append(id: 1, littleEndianHalves: stored([1]))
    builder.remove(id: 1)
    let hits = builder.build().search(queries: Matrix(rows: 1, columns: 1), count: 1)
    #expect(hits == [[]])
  }

  @Test func anIndexKeepsWhatItHeldWhenItsBuilderGoesOn() throws {
    var first = ExactIndex.Builder(dimension: 1)
    try first.append(id: 1, littleEndianHalves: stored([1]))
    let before = first.build()
    var second = ExactIndex.Builder(before)
    try second.append(id: 2, littleEndianHalves: stored([2]))
    #expect(throws: VectorError(id: 1, reason: .repeatedID)) {
      try second.append(id: 1, littleEndianHalves: stored([3]))
    }
    #expect(before.ids == [1])
    #expect(before.vectors.bits.count == 1)
    #expect(second.build().ids == [1, 2])
    #expect(first.count == 1)
  }
}
