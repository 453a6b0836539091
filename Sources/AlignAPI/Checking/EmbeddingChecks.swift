import Alignment
import Postgres

/// Rules about embeddings.
///
/// One that breaks them is deleted; the next run of its job, or `ligature index --reembed`, makes
/// it anew.
enum EmbeddingChecks {
  /// The foreign key refuses these; a backup that was edited or a disk that lied may hold them all
  /// the same.
  static let checksum = check(
    "embeddings of another checkpoint than their model's", where: "e.checksum <> m.checksum")

  static let length = check(
    "embeddings of the wrong length", where: "octet_length(e.vector) <> 2 * m.dimension")

  static let side = check(
    "embeddings of a molecule or text that their item does not have",
    where: """
      e.modality = \(Modality.molecule.storedCode) and i.smiles is null
        or e.modality = \(Modality.text.storedCode) and i.text is null
      """)

  private static func check(_ name: String, where condition: SQLStatement) -> RowCheck {
    let source: SQLStatement = """
      from embeddings e join models m on m.id = e.model_id join items i on i.id = e.item_id
      where (\(fragment: condition))
      """
    return RowCheck(
      name: name,
      rows: """
        select format('item %s, model %s', e.item_id, m.name) as example \(fragment: source)
        """
    ) { connection, limit in
      try connection.transaction {
        try connection.query(
          """
          with bad as materialized (
            select e.item_id, e.modality, e.model_id, i.corpus_id \(fragment: source) limit \(limit)
          ), gone as materialized (
            delete from embeddings e using bad
            where e.item_id = bad.item_id and e.modality = bad.modality
              and e.model_id = bad.model_id
            returning 1
          ), noted as materialized (
            select record_change(corpus_id, model_id, array_agg(distinct item_id), '{}')
            from bad group by corpus_id, model_id
          )
          select (select count(*) from gone), (select count(*) from noted)
          """
        ).single().value(at: 0)
      }
    }
  }
}
