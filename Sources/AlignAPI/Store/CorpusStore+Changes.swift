package import Postgres

extension CorpusStore {
  /// Days for which the changes of a corpus are kept.
  ///
  /// A server that was away for longer loads the corpus anew.
  package static let changeDays = 7

  /// Forgets changes that are older than ``changeDays``, but for the last version.
  package func pruneChanges(of corpus: StoredCorpus) throws(PostgresError) {
    try connection.execute(
      """
      delete from changes
      where corpus_id = \(corpus.id) and created_at < now() - make_interval(days => \(Int32(Self.changeDays)))
        and version < (select version from corpora where id = \(corpus.id))
      """)
  }
}
