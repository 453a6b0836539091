import Foundation
import Tensor
import Testing

@testable import Retrieval

/// Rows of which the ids alone are here.
@Suite struct DatabaseRowsTests {
  private static func rows(_ ids: [Int64]) throws -> ExactIndex {
    try ExactIndex(ids: ids, vectors: HalfMatrix(rows: ids.count, columns: 0, bits: []))
  }

  @Test func theyComeAndGoLikeOthers() throws {
    let start = UpdatableIndex(DatabaseRows(try Self.rows([3, 5, 9])))
    let changed = try start.removing(ids: [5]).adding(Self.rows([9, 12]))
    #expect(changed.kind == .pgvector)
    #expect(changed.liveCount == 3)
    #expect([3, 5, 9, 12].map { changed.row(of: $0) != nil } == [true, false, true, true])
    let compacted = changed.compacted()
    #expect(compacted.kind == .pgvector && compacted.base.ids == [3, 9, 12])
    #expect(compacted.base.memoryBytes == 24)
  }

  @Test func snapshotKeepsThem() throws {
    let path = NSTemporaryDirectory() + "database-rows-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try IndexSnapshot.write(DatabaseRows(try Self.rows([7, 1])), header: [1], to: path)
    let (read, header) = try IndexSnapshot.read(path)
    #expect(read.kind == .pgvector && read.ids == [7, 1] && read.dimension == 0)
    #expect(header == [1])
  }

  @Test func valuesAreForgotten() throws {
    let whole = try ExactIndex(ids: [1], vectors: HalfMatrix(rows: 1, columns: 2, bits: [0, 0]))
    #expect(DatabaseRows(whole).dimension == 0)
  }

  @Test func searchingThemTraps() async {
    await #expect(processExitsWith: .failure) {
      let rows = DatabaseRows(
        try ExactIndex(ids: [1], vectors: HalfMatrix(rows: 1, columns: 0, bits: [])))
      _ = rows.search(queries: Matrix(rows: 1, columns: 0), count: 1, allowed: nil)
    }
  }
}
