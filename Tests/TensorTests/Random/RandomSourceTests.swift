import Foundation
import Tensor
import Testing

struct RandomSourceGoldenTests {
  @Test(arguments: RandomGolden.sequences)
  func sequencesAreThoseOfThePaper(seed: UInt64, words: [UInt64]) {
    var source = RandomSource(seed: seed)
    #expect(words.map { _ in source.next() } == words)
  }

  @Test func thousandthWord() {
    var source = RandomSource(seed: 7)
    for _ in 0..<999 { _ = source.next() }
    #expect(source.next() == RandomGolden.thousandth)
  }

  @Test func uniformValuesAreTheHighBits() {
    var source = RandomSource(seed: 3)
    #expect(RandomGolden.uniforms.map { _ in source.uniform() * 0x1p24 } == RandomGolden.uniforms)
  }
}

struct RandomSourceTests {
  @Test func savedStateContinuesTheSequence() throws {
    var source = RandomSource(seed: 11)
    for _ in 0..<17 { _ = source.next() }
    let saved = try JSONEncoder().encode(source)
    var restored = try JSONDecoder().decode(RandomSource.self, from: saved)
    #expect(restored == source)
    for _ in 0..<20 { #expect(restored.next() == source.next()) }
  }

  @Test func uniformValuesStayInTheirRangeAndAverageOneHalf() {
    var source = RandomSource(seed: 12)
    let values = (0..<20_000).map { _ in source.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(values.reduce(0, +) / 20_000 - 0.5) < 0.01)
  }

  @Test(arguments: [0, 1, 2, 100])
  func permutationHoldsEveryIndexOnce(count: Int) {
    var source = RandomSource(seed: 13)
    #expect(source.permutation(count).sorted() == Array(0..<count))
  }

  @Test func everyOrderOfThreeIsAboutEquallyLikely() {
    var source = RandomSource(seed: 14)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[source.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 130 })
  }
}
