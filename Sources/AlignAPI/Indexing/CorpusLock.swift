import Postgres

/// How a transaction that writes to a corpus shares it with others.
///
/// Transactions that only add run side by side: whatever two of them insert, they insert in the
/// order of its key and items before source ids, so they wait for one another but never in a ring.
/// One that moves source ids, changes or deletes items has the corpus for itself.
enum CorpusLock {
  case additions
  case changes

  /// Waits for the lock, which ends with the transaction.
  func take(corpus id: Int64, _ connection: Connection) throws {
    // "lic." in ASCII above the corpus's id.
    let key = 0x6c69_632e << 32 | id
    switch self {
    case .additions: try connection.execute("select pg_advisory_xact_lock_shared(\(key))")
    case .changes: try connection.execute("select pg_advisory_xact_lock(\(key))")
    }
  }
}

/// Why a chunk is not stored this time; what to do is known.
enum ChunkInterruption: Error {
  /// Another worker has the chunk, or its job has ended.
  case leaseLost
  /// It changes what the corpus has, and must have it for itself.
  case needsChanges
  /// An item that was embedded when vectors were made is no longer there.
  case vectorsMissing
}
