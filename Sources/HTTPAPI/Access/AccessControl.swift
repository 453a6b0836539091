import AlignAPI
import Foundation
import HTTPDaemon
package import Logging
package import Postgres
import Synchronization

/// Decides who may ask what: keys, their scopes and their limits.
///
/// A key's row is read again when it is older than two seconds, so that a revoked key ends within
/// that time (ten seconds at a server that is asked seldom). While the database does not answer, a key that was good is good for five
/// minutes more. Quotas are counted here and added up in the database every two seconds: servers
/// that share a key may together let a few requests more through.
package final class AccessControl: Sendable {
  private let pool: ConnectionPool?
  private let log: Logger
  private let book: Mutex<KeyBook>
  /// Limits how often an address has unknown prefixes looked for in the database.
  private let lookups = Mutex(AddressBuckets(rate: 20, burst: 50))

  /// Asks nobody for a key.
  package static func open(log: Logger) -> AccessControl {
    AccessControl(pool: nil, limits: AccessLimits(), log: log)
  }

  /// Asks everyone for a key of the database.
  package static func keys(
    in database: ConnectionSettings, limits: AccessLimits, log: Logger
  ) -> AccessControl {
    AccessControl(
      pool: ConnectionPool(
        database.limited(to: .seconds(5)), limit: 2, timeout: .seconds(2)), limits: limits,
      log: log)
  }

  private init(pool: ConnectionPool?, limits: AccessLimits, log: Logger) {
    self.pool = pool
    self.log = log
    book = Mutex(KeyBook(limits: limits))
  }

  /// Whether keys are asked for.
  package var isOn: Bool { pool != nil }

  /// Who asks; throws ``AccessError``, `PoolError` and `PostgresError`.
  func grant(_ request: HTTPRequest, _ scope: Operation.Scope) async throws -> AccessGrant {
    guard let pool, let needed = scope.needed else { return .anonymous }
    let key = try Self.key(of: request)
    let stored = try await verified(key, needed: needed, peer: request.peer, pool)
    let now = Timestamp.now
    let headers = try book.withLock { book throws(AccessError) -> HTTPHeaders in
      try book.admit(
        key.prefix, today: now.day, secondsLeftToday: now.secondsLeftToday,
        now: ContinuousClock.now)
    }
    return AccessGrant(actor: Actor(name: stored.name), headers: headers)
  }

  /// Why a request is refused before its body is read: what its header fields alone tell.
  func refusal(ofHeaders request: HTTPRequest, _ scope: Operation.Scope) -> AccessError? {
    guard pool != nil, scope.needed != nil else { return nil }
    do throws(AccessError) {
      _ = try Self.key(of: request)
      return nil
    } catch {
      return error
    }
  }

  /// Whether who asks may do it at all, before much of the body is kept; throws as
  /// ``grant(_:_:)`` and counts nothing.
  func check(_ request: HTTPRequest, _ scope: Operation.Scope) async throws {
    guard let pool, let needed = scope.needed else { return }
    _ = try await verified(Self.key(of: request), needed: needed, peer: request.peer, pool)
  }

  private func verified(
    _ key: APIKey, needed: AccessScope, peer: String, _ pool: ConnectionPool
  ) async throws -> StoredKey {
    try await bring(key.prefix, for: peer, pool)
    let stored = book.withLock { $0.entries[key.prefix]?.key }
    guard let stored, stored.matches(key) else {
      throw AccessError.unauthorized("The key is not known.")
    }
    guard stored.isActive(at: .now) else {
      throw AccessError.unauthorized(
        stored.revokedAt == nil ? "The key has expired." : "The key was revoked.")
    }
    guard stored.scope >= needed else {
      throw AccessError.forbidden(needed: needed.rawValue, found: stored.scope.rawValue)
    }
    return stored
  }

  /// The key of an `Authorization: Bearer` field (RFC 6750 §2.1).
  private static func key(of request: HTTPRequest) throws(AccessError) -> APIKey {
    guard let field = request.headers["Authorization"] else {
      throw .unauthorized("Send a key: 'Authorization: Bearer lig_…'.")
    }
    let words = field.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer",
      let key = APIKey(words[1].trimmingCharacters(in: .whitespaces))
    else { throw .unauthorized("The Authorization field has no key of the form 'Bearer lig_…'.") }
    return key
  }

  /// Sees to it that the book knows the key, if there is one.
  private func bring(_ prefix: String, for peer: String, _ pool: ConnectionPool) async throws {
    switch book.withLock({ $0.look(up: prefix, now: .now) }) {
    case .known, .absent: return
    case .stale: Task { try? await read(prefix, pool) }
    case .missing:
      let isKnown = book.withLock { $0.entries[prefix] != nil }
      if !isKnown, let wait = lookups.withLock({ $0.take(for: peer, now: .now) }) {
        throw AccessError.rateExceeded(seconds: wait, [:])
      }
      do {
        try await read(prefix, pool)
      } catch {
        let readAt = book.withLock { $0.entries[prefix]?.readAt }
        guard let readAt, ContinuousClock.now - readAt <= KeyBook.usableWithoutDatabase else {
          throw error
        }
        log.warning("keys cannot be read, those known go on: \(error)")
      }
    }
  }

  /// Reads a key's row, and tells the database of the requests counted meanwhile.
  private func read(_ prefix: String, _ pool: ConnectionPool) async throws {
    let telling = book.withLock { $0.takeUntold(prefix: prefix) }
    do {
      let (key, told) = try await pool.withConnection { connection -> (StoredKey?, Int64) in
        let store = KeyStore(connection)
        guard let key = try store.find(prefix: prefix) else { return (nil, 0) }
        return (key, try store.count(telling, of: key))
      }
      book.withLock { book in
        book.note(
          key, prefix: prefix, told: told, telling: telling, day: Timestamp.now.day, now: .now)
      }
    } catch {
      book.withLock { $0.noteFailure(prefix: prefix, telling: telling) }
      throw error
    }
  }

  /// Tells the database of what was counted, and closes the connections.
  package func finish() async {
    guard let pool else { return }
    for prefix in book.withLock({ Array($0.untold.keys) }) { try? await read(prefix, pool) }
    await pool.close()
  }
}

extension Operation.Scope {
  /// What a key must have; nil for an open operation.
  fileprivate var needed: AccessScope? {
    switch self {
    case .open: nil
    case .read: .read
    case .write: .write
    case .admin: .admin
    }
  }
}

extension Timestamp {
  /// The system's clock.
  static var now: Timestamp {
    Timestamp(microsecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }

  private static let microsecondsOfDay: Int64 = 86_400_000_000

  /// Days since 1970 (UTC).
  fileprivate var day: Int { Int(microsecondsSince1970 / Self.microsecondsOfDay) }

  fileprivate var secondsLeftToday: Int {
    Int((Self.microsecondsOfDay - microsecondsSince1970 % Self.microsecondsOfDay) / 1_000_000)
  }
}
