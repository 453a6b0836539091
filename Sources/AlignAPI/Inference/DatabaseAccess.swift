import CoreMetrics
import Postgres
import Synchronization

/// The engine's connections, watched: how long they are waited for and whether the database answers.
package final class DatabaseAccess: Sendable {
  private let pool: ConnectionPool
  private let metrics: EngineMetrics
  private let answers = Atomic(true)
  /// Connections that there may be.
  package let limit: Int

  init(_ pool: ConnectionPool, limit: Int, metrics: EngineMetrics) {
    self.pool = pool
    self.limit = limit
    self.metrics = metrics
  }

  /// How many connections are in use, and how many tasks wait for one.
  package var load: (inUse: Int, waiting: Int) { pool.load }

  /// Whether the last connection or statement succeeded.
  package var isUp: Bool { answers.load(ordering: .relaxed) }

  /// Runs `body` with a connection that is its own meanwhile; throws as the pool does.
  func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> Value
  ) async throws -> Value {
    let start = ContinuousClock.now
    do {
      let value = try await pool.withConnection { [metrics] connection in
        metrics.poolWait.recordNanoseconds((.now - start).nanoseconds)
        return try body(connection)
      }
      answers.store(true, ordering: .relaxed)
      return value
    } catch {
      if let error = error as? PostgresError, error.isLoss {
        answers.store(false, ordering: .relaxed)
      }
      throw error
    }
  }
}

extension PostgresError {
  /// Whether there is no server to talk to, or one that starts or stops (SQLSTATE class 57P).
  fileprivate var isLoss: Bool {
    switch kind {
    case .connectFailed, .connectionLost: true
    case .server: sqlState?.hasPrefix("57P") ?? false
    default: false
    }
  }
}
