package import Postgres

extension CorpusStore {
  /// Days for which the changes of a corpus are kept.
  ///
  /// A server that was away for longer loads the corpus anew.
  package static let changeDays = 7

  /// Forgets changes that are older than ``changeDays``, the oldest first and at most that many, but
  /// for the last version.
  ///
  /// The log keeps no gaps: it ends before the first that is younger, and of several that prune at a
  /// time only one does.
  package func pruneChanges(
    of corpus: StoredCorpus, limit: Int? = nil
  ) throws(PostgresError) {
    // "lip." in ASCII above the corpus's id.
    let lock = 0x6c69_702e << 32 | corpus.id
    try connection.execute(
      """
      with oldest as (
        select version, version < (select version from corpora where id = \(corpus.id))
          and created_at < now() - make_interval(days => \(Int32(Self.changeDays))) as is_old
        from changes where corpus_id = \(corpus.id) order by version limit \(limit)
      )
      delete from changes
      where corpus_id = \(corpus.id) and (select pg_try_advisory_xact_lock(\(lock)))
        and version in (
          select version from oldest
          where version < coalesce(
            (select min(version) from oldest where not is_old), 9223372036854775807))
      """)
  }
}
