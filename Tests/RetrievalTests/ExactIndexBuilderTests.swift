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
    try builder.append(id: 5, littleEndianHalves: ([0x00, 0x3c, 0x01, 0xc0] as [UInt8]).span)
    let index = builder.build()
    #expect(index.ids == [5])
    #expect(index.vectors.widened().values == [1, -2.001953125])
  }

  @Test(arguments: [0, 3, 5, 8])
  func aWrongNumberOfBytesIsRefused(bytes: Int) throws {
    var builder = ExactIndex.Builder(dimension: 2)
    #expect(throws: VectorError(id: 9, reason: .byteCount(found: bytes, expected: 4))) {
      try builder.append(id: 9, littleEndianHalves: [UInt8](repeating: 0, count: bytes).span)
    }
    #expect(builder.count == 0)
  }

  @Test func aRefusedVectorLeavesTheBuilderAsItWas() throws {
    var builder = ExactIndex.Builder(dimension: 3)
    try builder.append(id: 1, littleEndianHalves: stored([1, 2, 3]).span)
    #expect(throws: VectorError(id: 2, reason: .notFinite(component: 1))) {
      try builder.append(id: 2, littleEndianHalves: stored([1, .nan, 3]).span)
    }
    #expect(throws: VectorError(id: 1, reason: .repeatedID)) {
      try builder.append(id: 1, littleEndianHalves: stored([4, 5, 6]).span)
    }
    try builder.append(id: 2, littleEndianHalves: stored([7, 8, 9]).span)
    #expect(builder.build().vectors.widened().values == [1, 2, 3, 7, 8, 9])
  }

  @Test func anIndexKeepsWhatItHeldWhenItsBuilderGoesOn() throws {
    var first = ExactIndex.Builder(dimension: 1)
    try first.append(id: 1, littleEndianHalves: stored([1]).span)
    let before = first.build()
    try first.append(id: 2, littleEndianHalves: stored([2]).span)
    #expect(before.ids == [1])
    #expect(before.vectors.widened().values == [1])
    #expect(first.build().ids == [1, 2])
  }
}
