extension Connection {
  /// Waits for the server-wide lock of that number and holds it until it is unlocked or the
  /// connection ends.
  package func lockAdvisory(_ key: Int64) throws(PostgresError) {
    try execute("select pg_advisory_lock(\(key))")
  }

  /// Takes the lock of that number when it is free at once; returns whether it did.
  package func tryLockAdvisory(_ key: Int64) throws(PostgresError) -> Bool {
    try query("select pg_try_advisory_lock(\(key))").single().value(at: 0)
  }

  /// Gives the lock back; returns false when this connection did not hold it.
  @discardableResult
  package func unlockAdvisory(_ key: Int64) throws(PostgresError) -> Bool {
    try query("select pg_advisory_unlock(\(key))").single().value(at: 0)
  }

  /// Runs `body` while holding the lock of that number.
  package func withAdvisoryLock<Value>(_ key: Int64, _ body: () throws -> Value) throws -> Value {
    try lockAdvisory(key)
    let value: Value
    do {
      value = try body()
    } catch {
      // The first error is the cause; a connection that cannot unlock is lost, and its locks too.
      _ = try? unlockAdvisory(key)
      throw error
    }
    try unlockAdvisory(key)
    return value
  }
}
