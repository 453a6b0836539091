import Alignment
import ModelTestSupport
import Postgres
import Retrieval
import Tensor
import Testing

@testable import AlignAPI

/// Recall is measured with queries like those of users.
struct IndexPolicyTests {
  private let same = StoredVectors(
    rounding: Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5, 6]), to: .half)
  private let other = StoredVectors(
    rounding: Matrix(rows: 2, columns: 2, values: [7, 8, 9, 10]), to: .half)
  private let none = StoredVectors(rounding: Matrix(rows: 0, columns: 2), to: .half)

  @Test func queriesAreOfTheOtherSideWhereItHasAny() {
    let policy = IndexPolicy()
    #expect(policy.recallQueries(other: other, same: same).values == [7, 8, 9, 10])
    #expect(policy.recallQueries(other: none, same: same).values == [1, 2, 3, 4, 5, 6])
    #expect(policy.recallQueries(other: nil, same: same).values == [1, 2, 3, 4, 5, 6])
  }

  @Test func lastValueIsThatOfAQueryWhereHubsAreHeldBack() {
    var policy = IndexPolicy()
    policy.holdsHubsBack = true
    #expect(policy.recallQueries(other: other, same: same).values == [7, 1, 9, 1])
    #expect(policy.recallQueries(other: nil, same: same).values == [1, 0, 3, 0, 5, 0])
  }

  @Test func sampleIsEvenlySpaced() {
    let many = StoredVectors(
      rounding: Matrix(rows: 1_000, columns: 1, values: (0..<1_000).map { Float($0) }), to: .half)
    let asked = IndexPolicy().recallQueries(other: many, same: none)
    #expect(asked.values == (0..<200).map { Float(5 * $0) })
  }
}

struct IndexPolicyDatabaseTests {
  /// 40 molecules with texts in one corpus, 20 molecules alone in the other.
  @Test(arguments: [IndexKind.coded, .graph], [Modality.allCases, [.molecule]])
  func loadedIndexesAreMeasuredWithTexts(kind: IndexKind, modalities: [Modality]) throws {
    let fixture = try SearchFixture.shared()
    let connection = try Connection(try fixture.makeDatabase())
    // Fewer texts than molecules, to tell them apart.
    try connection.execute("delete from embeddings where modality = 2 and item_id > 30")
    let loaded = try CorporaLoader(
      checksum: fixture.checkpoint.checksum, dimension: 16, modalities: modalities,
      policy: IndexPolicy(kind: kind)
    ).load(from: connection).loaded
    #expect(loaded.corpora.map(\.molecules.recall?.queries) == [30, 20])
    if modalities.count == 2 { #expect(loaded.corpora[0].texts.recall?.queries == 40) }
  }

  @Test func rebuiltIndexIsMeasuredLikeALoadedOne() throws {
    var source = RandomSource(seed: 4)
    let rows = source.normal(rows: 30, columns: 16, standardDeviation: 1)
    let policy = IndexPolicy(kind: .coded)
    let exact = try ExactIndex(
      ids: (0..<30).map { Int64($0) }, vectors: StoredVectors(rounding: rows, to: .half))
    let index = UpdatableIndex(policy.index(of: exact, queries: nil)).removing(ids: [3, 4])
    #expect(index.recall?.queries == 30)
    let rebuilt = policy.rebuilt(index, queries: rows.gatheringRows([0, 1, 2]))
    #expect(rebuilt.recall?.queries == 3 && rebuilt.count == 28 && rebuilt.kind == .coded)
    #expect(rebuilt.ids == index.live.ids)
  }
}
