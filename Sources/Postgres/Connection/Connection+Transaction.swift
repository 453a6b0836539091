extension Connection {
  /// Runs `body` in a transaction: commits when it returns, rolls back when it throws.
  ///
  /// Throws `.transactionAborted` when `body` returned although one of its statements had failed,
  /// because the server then rolls back at commit. Nested calls are mistakes of ours and trap.
  package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    let state = transactionState
    precondition(state != .open && state != .failed, "a transaction is already open")
    try execute("begin")
    let value: Value
    do {
      value = try body()
    } catch {
      // The first error is the cause. A connection that cannot roll back is lost, and with it
      // the transaction.
      _ = try? execute("rollback")
      throw error
    }
    let willCommit = transactionState == .open
    try execute("commit")
    guard willCommit else {
      throw PostgresError(
        kind: .transactionAborted,
        message: "the transaction was rolled back: one of its statements had failed")
    }
    return value
  }
}
