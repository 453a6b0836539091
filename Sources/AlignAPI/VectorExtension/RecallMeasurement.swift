import Alignment
import Postgres
import Retrieval
import Tensor

/// How much of the exact answer a table of pgvector's finds on one side.
///
/// Queries are made as searches make them: stored vectors of both sides, and behind them, where
/// items have a coordinate that holds hubs back, 0 for the same side and 1 for the other. The exact
/// answers come from one pass over all vectors in blocks.
struct RecallMeasurement {
  let side: Modality
  private let table: VectorTable
  private let queries: Matrix
  private let exact: [[SearchHit]]
  private let population: Int

  /// Queries of each side.
  private static let sample = 100
  /// Rows that are held at a time.
  private static let block = 16_384

  /// Nil for a side without vectors.
  init?(_ table: VectorTable, _ side: Modality, _ connection: Connection) throws {
    self.table = table
    self.side = side
    let holdsHubsBack: Bool = try connection.query(
      """
      select coalesce(dimension > (config -> 'configuration' ->> 'outputWidth')::integer, false)
      from models where id = \(table.model.id)
      """
    ).single().value(at: 0)
    var queries = Matrix(rows: 0, columns: table.model.dimension)
    for asking in Modality.allCases {
      var rows = try Self.sampled(asking, table, connection)
      if holdsHubsBack {
        rows = rows.columns(0..<rows.columns - 1).appendingColumns(
          of: Matrix(rows: rows.rows, columns: 1, repeating: asking == side ? 0 : 1))
      }
      queries = queries.appendingRows(of: rows)
    }
    self.queries = queries
    (exact, population) = try Self.exact(queries, side, table, connection)
    if population == 0 { return nil }
  }

  /// Recall@10 with so many candidates, 0...1.
  func recall(candidates: Int, _ connection: Connection) throws -> Double {
    let search = VectorTableSearch(table: table, side: side, candidates: candidates)
    let scope = VectorTableSearch.Scope(population: population, allowed: nil) { _ in true }
    let found = try (0..<queries.rows).map { row in
      try search.nearest(to: queries.gatheringRows([row]), count: 10, in: scope, connection)
    }
    return IndexRecall(of: found, against: exact).recallAt10
  }

  /// Vectors of evenly spaced items.
  private static func sampled(
    _ side: Modality, _ table: VectorTable, _ connection: Connection
  ) throws -> Matrix {
    let items = try connection.query(
      """
      select item_id from (
        select item_id, row_number() over (order by item_id) - 1 as place, count(*) over () as total
        from \(identifier: table.embeddings)
        where modality = \(side.storedCode) and octet_length(vector) = \(2 * table.model.dimension)
      ) as numbered
      where place % greatest(1, total / \(sample)) = 0 order by place limit \(sample)
      """
    ).map { try $0.value(at: 0, as: Int64.self) }
    return try VectorTableSearch.rows(of: items, side, table, connection).vectors.widened()
  }

  private static func exact(
    _ queries: Matrix, _ side: Modality, _ table: VectorTable, _ connection: Connection
  ) throws -> (best: [[SearchHit]], population: Int) {
    let dimension = table.model.dimension
    var best = [[SearchHit]](repeating: [], count: queries.rows)
    var population = 0
    var builder = ExactIndex.Builder(dimension: dimension)
    func close() {
      let found = builder.build().search(queries: queries, count: 10, allowed: nil)
      for (place, hits) in found.enumerated() {
        best[place] = Array(
          (best[place] + hits).sorted { $0.precedes($1) }.prefix(10))
      }
      population += builder.count
      builder = ExactIndex.Builder(dimension: dimension)
    }
    try connection.forEachRow(
      """
      select item_id, vector from \(identifier: table.embeddings)
      where modality = \(side.storedCode) and octet_length(vector) = \(2 * dimension)
      """
    ) { row in
      let item: Int64 = try row.value(at: 0)
      try row.withElements(at: 1, as: UInt8.self) { bytes in
        try builder.append(id: item, littleEndianHalves: bytes)
      }
      if builder.count == block { close() }
    }
    close()
    return (best, population)
  }
}
