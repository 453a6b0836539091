import Alignment
import Postgres
import Retrieval
import Tensor

/// Asks one side of a table of pgvector's for the nearest items, and scores them by the vectors of
/// `embeddings`, so that scores and their order are those of every other kind of index.
struct VectorTableSearch {
  let table: VectorTable
  let side: Modality
  /// Items that are looked at least at, for ten.
  let candidates: Int

  /// Which items may be found.
  struct Scope {
    /// Items of this side, all of them.
    let population: Int
    /// The only ones that may be found; nil for all.
    let allowed: ItemIDSet?
    /// Whether an item is one of them.
    let isAllowed: (Int64) -> Bool

    /// How many may be found.
    var allowedCount: Int { allowed?.count ?? population }
  }

  /// Items that a graph is walked for in one search at most.
  private static let walkLimit = 20_000
  /// How many items are compared one by one in the time in which the graph gives one.
  private static let stepsOfScan = 8.0
  /// Codes say little about who is the best of few: so many are scored in any case.
  private static let scoredCodes = 1_000

  /// The best `count` allowed items for a query [1, d], best first, ties by ascending id.
  ///
  /// Fewer only when fewer are allowed. Few allowed items are compared one by one; for more the
  /// graph is walked, further each time, until enough of what it gives is allowed. Where it gives
  /// out, or that would take too long, all allowed ones are compared. Throws `PostgresError`.
  func nearest(
    to query: Matrix, count: Int, in scope: Scope, _ connection: Connection
  ) throws -> [SearchHit] {
    let wanted = min(count, scope.allowedCount)
    if wanted == 0 { return [] }
    let reach = min(table.type.reach(wanted, candidates: candidates), scope.allowedCount)
    let bind = table.type.bind(query)
    let found =
      try walk(bind, reach, scope, connection)
      ?? compare(bind, reach, scope.allowed?.sorted(), connection)
    return try score(found, query, count: count, connection)
  }

  /// Walks the graph; nil where comparing one by one is better, or all that is left.
  private func walk(
    _ query: QueryVector, _ reach: Int, _ scope: Scope, _ connection: Connection
  ) throws -> [Int64]? {
    let share = Double(scope.allowedCount) / Double(max(1, scope.population))
    var limit = Int(Double(reach) / share * (scope.allowed == nil ? 1 : 1.5))
    if scope.allowed != nil && Double(scope.allowedCount) <= Self.stepsOfScan * Double(limit) {
      return nil
    }
    while limit <= Self.walkLimit {
      try configure(limit, connection)
      let found = try ids(
        """
        select item_id from \(identifier: table.name) where \(fragment: isOfSide)
        order by v \(fragment: table.type.distance) \(query) limit \(limit)
        """, connection)
      let good = found.filter(scope.isAllowed)
      if good.count >= reach { return good }
      if found.count < limit { return nil }
      limit *= 4
    }
    return nil
  }

  /// The nearest of the named items, or of all, without the graph.
  private func compare(
    _ query: QueryVector, _ reach: Int, _ named: [Int64]?, _ connection: Connection
  ) throws -> [Int64] {
    let among: SQLStatement = named.map { "and item_id = any(\($0))" } ?? ""
    // The fence keeps the graph, which may give too few, from being used.
    return try ids(
      """
      select item_id from (
        select item_id, v from \(identifier: table.name)
        where \(fragment: isOfSide) \(fragment: among) offset 0) as allowed
      order by v \(fragment: table.type.distance) \(query)
      limit \(table.type == .bit ? max(reach, Self.scoredCodes) : reach)
      """, connection)
  }

  /// Lets the next walk look at `limit` items, and on where the index has passed some over.
  private func configure(_ limit: Int, _ connection: Connection) throws {
    try connection.execute(
      """
      select set_config('hnsw.ef_search', \(String(min(max(limit, 40), 1_000))), false),
        set_config('hnsw.iterative_scan', 'relaxed_order', false),
        set_config('hnsw.max_scan_tuples', \(String(2 * Self.walkLimit)), false)
      """)
  }

  /// As the predicate of the side's index has it.
  private var isOfSide: SQLStatement {
    SQLStatement(unsafeSQL: "modality = \(side.storedCode)")
  }

  private func ids(_ statement: SQLStatement, _ connection: Connection) throws -> [Int64] {
    try connection.query(statement).map { try $0.value(at: 0) }
  }

  private func score(
    _ items: [Int64], _ query: Matrix, count: Int, _ connection: Connection
  ) throws -> [SearchHit] {
    let rows = try Self.rows(of: items, side, table, connection)
    return rows.search(queries: query, count: count, allowed: nil)[0]
  }

  /// The stored vectors of some items.
  static func rows(
    of items: [Int64], _ side: Modality, _ table: VectorTable, _ connection: Connection
  ) throws -> ExactIndex {
    var builder = ExactIndex.Builder(dimension: table.model.dimension)
    try connection.forEachRow(
      """
      select item_id, vector from \(identifier: table.embeddings)
      where modality = \(side.storedCode) and item_id = any(\(items))
      """
    ) { row in
      let item: Int64 = try row.value(at: 0)
      try row.withElements(at: 1, as: UInt8.self) { bytes in
        try builder.append(id: item, littleEndianHalves: bytes)
      }
    }
    return builder.build()
  }
}
