package import Alignment
package import Postgres

extension SearchEngine {
  /// Loads a checkpoint's vectors of the given modalities; blocks until they are there.
  ///
  /// `connections` is how many searches read rows at the same time. Throws ``VectorLoaderError``
  /// and ``PostgresError``.
  package convenience init(
    checkpoint: Checkpoint, database: ConnectionSettings,
    modalities: [Modality] = Modality.allCases, connections: Int = 8
  ) throws {
    let connection = try Connection(database)
    let loader = VectorLoader(
      checksum: checkpoint.checksum, dimension: checkpoint.model.dimension)
    func load(_ modality: Modality) throws -> VectorCollection {
      guard modalities.contains(modality) else { return VectorCollection(corpora: []) }
      return try loader.load(modality, from: connection)
    }
    self.init(
      model: checkpoint.model, molecules: try load(.molecule), texts: try load(.text),
      pool: ConnectionPool(database, limit: connections, timeout: .seconds(2)))
  }
}
