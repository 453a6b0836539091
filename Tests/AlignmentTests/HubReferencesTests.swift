import Tensor
import Testing

@testable import Alignment

@Suite struct HubReferencesTests {
  /// Random unit vectors.
  private static func vectors(_ rows: Int, _ seed: UInt64) -> HalfMatrix {
    var random = RandomSource(seed: seed)
    let raw = random.normal(rows: rows, columns: 6, standardDeviation: 1)
    var values: [Float] = []
    for row in 0..<rows {
      let length = raw.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      values += raw.row(row).map { $0 / length }
    }
    return HalfMatrix(rounding: Matrix(rows: rows, columns: 6, values: values))
  }

  private static func references(_ count: Int) -> HubReferences {
    HubReferences(
      texts: .init(vectors: vectors(count, 1), counterparts: (0..<count).map { UInt64($0 % 7) }),
      molecules: .init(
        vectors: vectors(count, 2), counterparts: (0..<count).map { UInt64($0 % 5) }))
  }

  private func configuration(_ neighbors: Int, _ weight: Float) -> HubnessConfiguration {
    var configuration = HubnessConfiguration()
    configuration.neighbors = neighbors
    configuration.weight = weight
    return configuration
  }

  /// A full sort of every cosine, one at a time.
  private func naive(
    _ item: ArraySlice<Float>, _ key: UInt64, _ side: HubReferences.Side, _ neighbors: Int,
    _ weight: Float
  ) -> Float {
    let references = side.vectors.widened()
    let cosines = (0..<references.rows).filter { side.counterparts[$0] != key }.map { row in
      zip(item, references.row(row)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }
    let best = cosines.sorted(by: >).prefix(neighbors)
    return best.isEmpty ? 0 : -weight * best.reduce(0, +) / Float(best.count)
  }

  @Test(
    arguments: [(1, 0.5), (10, 0.5), (10, 1), (500, 0.25)] as [(Int, Float)], Modality.allCases)
  func offsetsAreThoseOfAFullSort(_ setting: (Int, Float), _ modality: Modality) {
    let (neighbors, weight) = setting
    let references = Self.references(60)
    let items = Self.vectors(33, 3).widened()
    let keys = (0..<33).map { UInt64($0 % 9) }
    let found = references.offsets(
      of: items, keys: keys, modality: modality, configuration: configuration(neighbors, weight))
    let side = modality == .molecule ? references.texts : references.molecules
    for row in 0..<33 {
      let expected = naive(items.row(row), keys[row], side, neighbors, weight)
      #expect(abs(found[row] - expected) < 1e-5)
    }
  }

  @Test func ownCounterpartIsLeftOut() {
    let one = HubReferences.Side(vectors: Self.vectors(1, 1), counterparts: [7])
    let references = HubReferences(texts: one, molecules: one)
    let item = one.vectors.widened()
    let configuration = configuration(10, 0.5)
    let own = references.offsets(
      of: item, keys: [7], modality: .molecule, configuration: configuration)
    #expect(own == [0])
    let other = references.offsets(
      of: item, keys: [8], modality: .molecule, configuration: configuration)
    #expect(abs(other[0] + 0.5) < 1e-3)
  }

  @Test func offsetsChangeRanks() {
    let queries = Matrix(rows: 1, columns: 2, values: [1, 0])
    let candidates = Matrix(rows: 3, columns: 2, values: [1, 0, 0.9, 0, 0.8, 0])
    func rank(_ offsets: [Float]?) -> [Int] {
      ExactRanking.ranks(
        queries: queries, candidates: candidates, answers: [1], offsets: offsets)
    }
    #expect(rank(nil) == [2])
    #expect(rank([0, 0, 0]) == [2])
    #expect(rank([-0.5, 0, 0]) == [1])
    #expect(rank([-0.5, -0.3, 0]) == [2])
  }

  @Test(arguments: [("aspirin", false), ("a b c d", false), (" a b  c d\te", true), ("", false)])
  func proseHasFiveWords(_ text: String, _ isProse: Bool) {
    #expect(ReferencePairs.isProse(text) == isProse)
  }
}
