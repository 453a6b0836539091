import Tensor
import Testing

@testable import Molecule

struct IdentifierSortTests {
  @Test(arguments: [0, 1, 2, 23, 24, 25, 1000])
  func sortsAsTheStandardLibraryDoes(_ count: Int) {
    var random = RandomSource(seed: 7)
    var sorter = IdentifierSort()
    for bits in [1, 8, 9, 32, 36, 64] {
      var values = (0..<count).map { _ in random.next() >> UInt64(64 - bits) }
      let expected = values.sorted()
      sorter.sort(&values, bits: bits)
      #expect(values == expected, "\(bits) bits")
    }
  }

  @Test(arguments: [0, 1, 23, 24, 100, 512, 513])
  func sortsHashesWhetherTheyAreSpreadOrNot(_ count: Int) {
    var random = RandomSource(seed: 9)
    var sorter = IdentifierSort()
    for mask: UInt64 in [0xffff_ffff, 0xfff, 0xff00_0000, 1] {
      var values = (0..<count).map { _ in random.next() & mask }
      let expected = values.sorted()
      sorter.sortHashes(&values)
      #expect(values == expected, "\(mask)")
    }
  }
}
