import Retrieval
import Tensor
import Testing

@Suite struct GraphIndexTests {
  @Test(arguments: [1, 63, 65, 130])
  func nearlyEverythingIsFound(columns: Int) throws {
    let rows = 2_500
    let exact = try ExactIndex(
      ids: (0..<rows).map { Int64(rows - $0) },
      vectors: StoredVectors(
        rounding: MaskedSearchTests.clustered(rows: rows, columns: columns, seed: 6)
          .normalizedRows().unit, to: .half))
    let graph = GraphIndex(exact, configuration: GraphConfiguration(recallSample: 30))
    #expect(graph.recall?.queries == 30)
    let queries = MaskedSearchTests.clustered(rows: 20, columns: columns, seed: 7)
    let found = graph.search(queries: queries, count: 10)
    let recall = IndexRecall(of: found, against: exact.search(queries: queries, count: 10))
    // On a line, unit vectors are two points: every score ties.
    #expect(recall.recallAt10 >= 0.97)
    #expect(found.allSatisfy { $0.count == 10 })
    #expect(graph.memoryBytes > exact.memoryBytes)
  }

  @Test func vectorsOfAnotherPrecisionStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      _ = GraphIndex(
        try ExactIndex(
          ids: [1],
          vectors: StoredVectors(rounding: Matrix(rows: 1, columns: 1), to: .byte)))
    }
  }
}
