import Alignment
import Digest
import Postgres
import Retrieval
import Tensor

/// A model's vectors that lie in the database and are searched there, by pgvector.
struct DatabaseVectors: Sendable {
  let model: AlignmentModel
  let stored: StoredModel

  /// Sees whether the database can search the checkpoint's vectors.
  ///
  /// Throws ``VectorLoaderError/unknownModel(checksum:)``, ``VectorExtensionError/notEnabled(model:)``
  /// and `PostgresError`.
  init(_ checkpoint: Checkpoint, _ connection: Connection) throws {
    model = checkpoint.model
    guard
      let stored = try ModelStore(connection).find(checksum: checkpoint.checksum.hexadecimal)
    else { throw VectorLoaderError.unknownModel(checksum: checkpoint.checksum) }
    self.stored = stored
    _ = try table(connection)
  }

  /// The best items for the vector of a query, as ``VectorTableSearch`` finds them, and by what.
  ///
  /// Only items of the picture are found, embedded when it was taken. How the table is made is read
  /// each time, so that it may be made anew behind a server.
  func nearest(
    to vector: [Float], isAcross: Bool, _ target: SearchTarget, count: Int,
    among allowed: ItemIDSet?, in corpora: LoadedCorpora, _ connection: Connection
  ) throws -> (hits: [SearchHit], use: IndexUse) {
    let (table, measured) = try table(connection)
    let query = model.queries(
      Matrix(rows: 1, columns: model.dimension, values: vector), isAcross: [isAcross])
    let side = target.modality
    let findable = allowed.map { corpora.embedded(target, among: $0) }
    let scope = VectorTableSearch.Scope(
      population: corpora.count(target), allowed: findable
    ) { findable?.contains($0) ?? corpora.isEmbedded($0, target) }
    let search = VectorTableSearch(table: table, side: side, candidates: measured.candidates)
    return (
      try search.nearest(to: query, count: count, in: scope, connection),
      IndexUse(kind: .pgvector, recall: measured.recall(side))
    )
  }

  private func table(
    _ connection: Connection
  ) throws -> (VectorTable, VectorTable.Measured) {
    guard let table = try VectorTable.of(stored, connection), let measured = table.measured else {
      throw VectorExtensionError.notEnabled(model: stored.name)
    }
    return (table, measured)
  }
}
