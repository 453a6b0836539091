import Postgres

/// A search for items whose text shares words with a query, by PostgreSQL's full-text rank.
struct WordSearch: Sendable {
  let text: String
  let target: SearchTarget
  /// The only items to rank, where they are few; nil for all.
  var among: [Int64]?

  /// Items that are named to the database at most; more are told apart behind it.
  static let namedLimit = 50_000

  /// The best items that `isAllowed`, best first, ties by ascending id.
  ///
  /// Any word of the query may be met, in any of its English forms; the rank is `ts_rank_cd` with
  /// the length of the text held against it (normalisation 1). The first 100,000 characters of a
  /// text count.
  func best(
    _ count: Int, from connection: Connection, where isAllowed: (Int64) -> Bool
  ) throws -> [Candidate] {
    var found: [Candidate] = []
    // Rows come ranked; those that are not allowed are passed over until enough are found.
    try connection.forEachRow(statement(limit: SearchRequest.depthLimit)) { row in
      let id: Int64 = try row.value(at: 0)
      if found.count < count, isAllowed(id) {
        found.append(Candidate(id: id, score: try row.value(at: 1)))
      }
    }
    return found
  }

  private func statement(limit: Int) -> SQLStatement {
    let side: SQLStatement = target == .molecules ? "and smiles is not null" : ""
    let named: SQLStatement = among.map { "and id = any(\($0))" } ?? ""
    // The one character that PostgreSQL's texts cannot hold separates words as well as any.
    let text = text.replacing("\0", with: " ")
    return """
      select id, ts_rank_cd(text_words(text), query, 1) as score
      from items,
        (select replace(plainto_tsquery('english', \(text))::text, '&', '|')::tsquery as query) q
      where text is not null and text_words(text) @@ query \(fragment: side) \(fragment: named)
      order by score desc, id limit \(limit)
      """
  }
}
