import Postgres

/// A search for items whose text shares words with a query, by PostgreSQL's full-text rank.
struct WordSearch: Sendable {
  let text: String
  let target: SearchTarget
  /// The only corpus to look in; nil for all.
  var corpus: Int64?
  /// The largest id to rank; nil for any.
  var newest: Int64?
  /// The only items to rank, where they are few; nil for all.
  var among: [Int64]?
  /// Rows that are asked for at a time.
  var pageSize = SearchRequest.depthLimit

  /// Items that are named to the database at most; more are told apart behind it.
  static let namedLimit = 50_000

  /// For so long pages are asked for; each ranks all that the words find once more.
  private static let timeLimit = Duration.seconds(5)

  /// As PostgreSQL ends a statement that takes too long (SQLSTATE 57014).
  private static var tooSlow: PostgresError {
    var error = PostgresError(
      kind: .server, message: "ranking by words took longer than \(timeLimit)")
    error.sqlState = "57014"
    return error
  }

  /// The best items that `isAllowed`, best first, ties by ascending id.
  ///
  /// Any word of the query may be met, in any of its English forms; the rank is `ts_rank_cd` with
  /// the length of the text held against it (normalisation 1). Rows come ranked, page by page; those
  /// that are not allowed are passed over until enough are found or there are no more. The first
  /// 100,000 characters of a text count.
  func best(
    _ count: Int, from connection: Connection, where isAllowed: (Int64) -> Bool
  ) throws -> [Candidate] {
    var found: [Candidate] = []
    var last: Candidate?
    let start = ContinuousClock.now
    while found.count < count {
      guard ContinuousClock.now - start < Self.timeLimit else { throw Self.tooSlow }
      var rows = 0
      try connection.forEachRow(statement(behind: last)) { row in
        let candidate = Candidate(id: try row.value(at: 0), score: try row.value(at: 1))
        rows += 1
        last = candidate
        if found.count < count, isAllowed(candidate.id) { found.append(candidate) }
      }
      if rows < pageSize { break }
    }
    return found
  }

  /// The rows of the ranking behind one of them, or the first.
  private func statement(behind last: Candidate?) -> SQLStatement {
    let side: SQLStatement = target == .molecules ? "and smiles is not null" : ""
    let within: SQLStatement = corpus.map { "and corpus_id = \($0)" } ?? ""
    let old: SQLStatement = newest.map { "and id <= \($0)" } ?? ""
    let named: SQLStatement = among.map { "and id = any(\($0))" } ?? ""
    let behind: SQLStatement =
      last.map { "where score < \($0.score) or score = \($0.score) and id > \($0.id)" } ?? ""
    // The one character that PostgreSQL's texts cannot hold separates words as well as any.
    let text = text.replacing("\0", with: " ")
    return """
      select id, score from (
        select id, ts_rank_cd(text_words(text), query, 1) as score
        from items,
          (select replace(plainto_tsquery('english', \(text))::text, '&', '|')::tsquery as query) q
        where text is not null and text_words(text) @@ query \(fragment: side)
          \(fragment: within) \(fragment: old) \(fragment: named)
      ) as ranked \(fragment: behind)
      order by score desc, id limit \(pageSize)
      """
  }
}
