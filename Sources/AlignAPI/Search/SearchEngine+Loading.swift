package import Alignment
import Digest
package import Logging
package import Postgres
import Retrieval

extension SearchEngine {
  /// Loads a checkpoint's vectors of the given modalities; blocks until they are there.
  ///
  /// `connections` is how many searches read rows at the same time, `statementTimeout` how long
  /// the database may take for one; settings that state their own keep it. With `follows`, changes
  /// of the database are taken over from then on. `snapshot` is the folder of a snapshot: read when
  /// it fits, and written when it is old and `writesSnapshot`. Throws ``VectorLoaderError``,
  /// ``VectorExtensionError`` and ``PostgresError``.
  package convenience init(
    checkpoint: Checkpoint, reranker: Reranker? = nil, database: ConnectionSettings,
    modalities: [Modality] = Modality.allCases, connections: Int = 8,
    inference: InferenceConfiguration = InferenceConfiguration(),
    statementTimeout: Duration = .seconds(5), policy: IndexPolicy = IndexPolicy(),
    follows: Bool = false, snapshot: String? = nil, writesSnapshot: Bool = true,
    metrics: EngineMetrics = EngineMetrics(), log: Logger = Logger(label: "ligature")
  ) throws {
    var policy = policy
    policy.holdsHubsBack = checkpoint.model.storedDimension > checkpoint.model.dimension
    let loader = CorporaLoader(
      checksum: checkpoint.checksum, dimension: checkpoint.model.storedDimension,
      modalities: modalities, policy: policy)
    let connection = try Connection(database)
    // A picture without vectors has a place of its own.
    let keeper = snapshot.map { folder in
      SnapshotKeeper(
        folder: folder + (loader.heldDimension == 0 ? "-items" : ""), loader: loader,
        isReadOnly: !writesSnapshot, log: log)
    }
    try loader.check(connection)
    let vectors = policy.kind == .pgvector ? try DatabaseVectors(checkpoint, connection) : nil
    let editor = try keeper?.read(connection) ?? loader.load(from: connection)
    let follower = ChangeFollower(
      loader, settings: database, editor: editor, snapshots: keeper,
      metrics: metrics, log: log)
    try follower.catchUp(connection)
    let pool = ConnectionPool(
      database.limited(to: statementTimeout), limit: connections, timeout: .seconds(2))
    self.init(
      model: checkpoint.model, checksum: checkpoint.checksum, follower: follower,
      reranker: reranker, vectors: vectors,
      database: DatabaseAccess(pool, limit: connections, metrics: metrics),
      inference: inference, metrics: metrics)
    if follows { follower.follow() }
  }

  /// Where the snapshot of a checkpoint's vectors lies in a folder of snapshots.
  package static func snapshot(of checkpoint: Checkpoint, in folder: String) -> String {
    "\(folder)/\(checkpoint.checksum.hexadecimal.prefix(16))"
  }
}

extension ConnectionSettings {
  /// The same for short statements: the server gives one up after that time, and libpq a server
  /// that acknowledges nothing for twice as long.
  package func limited(to time: Duration) -> Self {
    let milliseconds = Int64(time / .milliseconds(1))
    // The server takes the last of repeated options, so what is stated wins.
    let options = ["-c statement_timeout=\(milliseconds)", value(of: "options")]
    let tcp = value(of: "tcp_user_timeout") ?? "\(2 * milliseconds)"
    return with(parameter: "options", value: options.compactMap(\.self).joined(separator: " "))
      .with(parameter: "tcp_user_timeout", value: tcp)
  }
}
