import Digest
package import Postgres

/// A key as the database knows it; the secret is not in it.
package struct StoredKey: Sendable, Equatable {
  package let id: Int64
  /// Unique; the actor's name in the audit log.
  package let name: String
  package let prefix: String
  package let scope: AccessScope
  /// Requests a second in the long run; nil for the server's default.
  package let rate: Double?
  /// Requests that may come at once; nil for the server's default.
  package let burst: Int?
  /// Requests a day (UTC); nil for any number.
  package let dailyQuota: Int64?
  package let createdAt: Timestamp
  package let expiresAt: Timestamp?
  package let revokedAt: Timestamp?
  let salt: [UInt8]
  let hash: [UInt8]

  /// Whether a client's key is this one; takes the same time for every wrong secret.
  package func matches(_ key: APIKey) -> Bool {
    key.prefix == prefix
      && key.hash(salt: salt).isEqualInConstantTime(to: SHA256Digest(bytes: hash))
  }

  /// Whether it is good at a moment.
  package func isActive(at moment: Timestamp) -> Bool {
    revokedAt == nil
      && (expiresAt.map { $0.microsecondsSince1970 > moment.microsecondsSince1970 } ?? true)
  }

  static let columns: SQLStatement = """
    id, name, prefix, scope, rate::double precision, burst, daily_quota, created_at, expires_at,
    revoked_at, salt, hash
    """
}

extension StoredKey {
  init(_ row: Row) throws {
    id = try row.value(at: 0)
    name = try row.value(at: 1)
    prefix = try row.value(at: 2)
    scope = AccessScope(rawValue: try row.value(at: 3)) ?? .read
    rate = try row.value(at: 4)
    burst = try row.value(at: 5, as: Int32?.self).map(Int.init)
    dailyQuota = try row.value(at: 6)
    createdAt = try row.value(at: 7)
    expiresAt = try row.value(at: 8)
    revokedAt = try row.value(at: 9)
    salt = try row.value(at: 10)
    hash = try row.value(at: 11)
  }
}

/// Why a key could not be made or revoked.
package enum KeyError: Error, Sendable, Equatable, CustomStringConvertible {
  case nameTaken(String)
  case badName(String)
  case unknown(String, known: [String])
  case expired(String)

  package var description: String {
    switch self {
    case .nameTaken(let name): "there is a key \"\(name)\" already; choose another name"
    case .badName(let name):
      "\"\(name)\" cannot name a key: 1 to 64 of letters, digits and . _ - expected"
    case .unknown(let name, let known):
      "there is no key \"\(name)\"; "
        + (known.isEmpty ? "there are none yet" : "there are: \(known.joined(separator: ", "))")
    case .expired(let moment): "the key would have expired already, at \(moment)"
    }
  }
}
