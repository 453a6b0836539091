import Tensor
import Testing

struct FeatureHashGoldenTests {
  @Test(arguments: FeatureHashGolden.cases)
  func keysAreTheStoredOnes(kind: UInt64, values: [Int64], key: UInt64) {
    var unsigned = FeatureHash(kind: kind)
    var signed = FeatureHash(kind: kind)
    for value in values {
      unsigned.combine(UInt64(bitPattern: value))
      signed.combine(Int(value))
    }
    #expect(unsigned.key == key)
    #expect(signed.key == key)
  }
}

struct FeatureHashTests {
  @Test func smallStructuredInputsDoNotCollide() {
    var keys: Set<UInt64> = []
    for kind in 0..<8 {
      for first in 0..<64 {
        for second in 0..<64 {
          var hash = FeatureHash(kind: UInt64(kind))
          hash.combine(first)
          hash.combine(second)
          keys.insert(hash.key)
        }
      }
    }
    #expect(keys.count == 8 * 64 * 64)
  }
}
