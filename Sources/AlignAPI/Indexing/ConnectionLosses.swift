import Foundation
import Postgres

/// Opens lost connections again, with growing pauses, a limited number of times in a row.
struct ConnectionLosses {
  /// Seconds before each attempt; a server that restarts is back within them.
  private static let pauses = [0.1, 0.3, 1, 3, 5, 5, 5]
  private var count = 0

  /// A new connection in place of one that was lost.
  ///
  /// Throws ``IndexError`` when no connection can be made, or too many were lost.
  mutating func reconnect(
    after loss: PostgresError, _ settings: ConnectionSettings
  ) throws(IndexError) -> Connection {
    var last = loss
    while count < Self.pauses.count {
      Thread.sleep(forTimeInterval: Self.pauses[count])
      count += 1
      do throws(PostgresError) {
        return try Connection(settings)
      } catch {
        last = error
      }
    }
    throw IndexError(last) ?? .databaseLost(message: last.message)
  }

  /// Work went on; later losses count from the beginning.
  mutating func reset() { count = 0 }
}

extension PostgresError {
  /// Whether another connection may do what this one could not.
  ///
  /// An administrator's command (57P01), a crash (57P02) and a start (57P03) end connections as
  /// well.
  var isConnectionLoss: Bool {
    kind == .connectionLost || kind == .connectFailed
      || sqlState.map { $0.hasPrefix("57P") || $0.hasPrefix("08") } == true
  }

  /// Whether the same transaction may succeed when it has the corpus for itself: another one wrote
  /// the same key, took locks the other way round, or deleted what this one refers to.
  var isWriteConflict: Bool {
    ["23505", "23503", "40P01", "40001"].contains(sqlState)
  }
}

extension IndexError {
  /// What people can do something about; nil for other errors of the server.
  init?(_ error: PostgresError) {
    let isRefused =
      error.message.contains("too many clients already")
      || error.message.contains("remaining connection slots")
    switch error.sqlState {
    case "53100": self = .databaseIsFull(message: error.message)
    case "53300": self = .tooManyConnections(message: error.message)
    case _ where error.kind == .connectFailed && isRefused:
      self = .tooManyConnections(message: error.message)
    default: return nil
    }
  }
}
