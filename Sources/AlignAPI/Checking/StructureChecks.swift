import Postgres

/// Rules about what hangs together.
enum StructureChecks {
  /// A model without its tables could not store embeddings.
  static let partitions = RowCheck(
    name: "models without tables for their embeddings",
    rows: """
      select name as example from models
      where to_regclass(format('%I.%I', current_schema(), 'embeddings_m' || id)) is null
      """
  ) { connection, limit in
    try connection.query(
      """
      select add_embedding_partitions(id) from models
      where to_regclass(format('%I.%I', current_schema(), 'embeddings_m' || id)) is null
      limit \(limit)
      """
    ).count
  }

  /// A source id belongs to the corpus of its item.
  ///
  /// Which of the two is right nobody knows, so the row goes; indexing its file again brings it back.
  static let foreignSources = RowCheck(
    name: "source ids of another corpus than their item's",
    rows: """
      select format('%s of corpus %s', source_id, s.corpus_id) as example
      from item_sources s join items i on i.id = s.item_id where s.corpus_id <> i.corpus_id
      """
  ) { connection, limit in
    try connection.execute(
      """
      delete from item_sources where (corpus_id, source_id) in (
        select s.corpus_id, s.source_id from item_sources s join items i on i.id = s.item_id
        where s.corpus_id <> i.corpus_id limit \(limit))
      """)
  }

  /// Nothing leads to such an item, and no file would ever change it.
  static let itemsWithoutSource = RowCheck(
    name: "items without a source id",
    rows: """
      select format('item %s', id) as example from items i
      where not exists (select from item_sources s where s.item_id = i.id)
      """
  ) { connection, limit in
    // One corpus at a time: its lock keeps whoever adds source ids away.
    guard
      let row = try connection.query(
        """
        select corpus_id from items i
        where not exists (select from item_sources s where s.item_id = i.id) limit 1
        """
      ).first
    else { return 0 }
    let corpus: Int64 = try row.value(at: 0)
    return try connection.transaction {
      try CorpusLock.changes.take(corpus: corpus, connection)
      let ids = try connection.query(
        """
        delete from items where id in (
          select id from items i where corpus_id = \(corpus)
            and not exists (select from item_sources s where s.item_id = i.id) limit \(limit))
        returning id
        """
      ).map { try $0.value(at: 0, as: Int64.self) }
      try connection.execute("select record_change(\(corpus), null, '{}', \(ids))")
      return ids.count
    }
  }

  /// A job that failed or was cancelled keeps its chunks for another try; one that is done needs
  /// none.
  static let chunks = RowCheck(
    name: "chunks of work that is done",
    rows: """
      select format('chunk %s of job %s', number, job_id) as example
      from index_chunks join index_jobs on index_jobs.id = job_id where state = 'done'
      """
  ) { connection, limit in
    try connection.execute(
      """
      delete from index_chunks where (job_id, number) in (
        select job_id, number from index_chunks join index_jobs on index_jobs.id = job_id
        where state = 'done' limit \(limit))
      """)
  }
}
