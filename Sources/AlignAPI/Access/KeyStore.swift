import Digest
package import Postgres

/// The table of keys.
package struct KeyStore {
  let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// What a new key may do and how much of it.
  package struct Request: Sendable {
    package var name: String
    package var scope: AccessScope
    package var rate: Double?
    package var burst: Int?
    package var dailyQuota: Int64?
    package var expiresAt: Timestamp?

    package init(
      name: String, scope: AccessScope, rate: Double? = nil, burst: Int? = nil,
      dailyQuota: Int64? = nil, expiresAt: Timestamp? = nil
    ) {
      self.name = name
      self.scope = scope
      self.rate = rate
      self.burst = burst
      self.dailyQuota = dailyQuota
      self.expiresAt = expiresAt
    }
  }

  /// Makes a key; its text is nowhere but in what is returned.
  ///
  /// Throws ``KeyError/nameTaken(_:)``, ``KeyError/badName(_:)`` and `PostgresError`.
  package func create(_ request: Request, actor: String) throws -> APIKey {
    guard request.name.wholeMatch(of: #/[A-Za-z0-9._-]{1,64}/#) != nil else {
      throw KeyError.badName(request.name)
    }
    let key = APIKey.random()
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    try connection.transaction {
      let added = try connection.query(
        """
        insert into api_keys (name, prefix, salt, hash, scope, rate, burst, daily_quota, expires_at)
        values (\(request.name), \(key.prefix), \(salt), \(key.hash(salt: salt).bytes),
          \(request.scope.rawValue), \(request.rate)::double precision,
          \(request.burst.map(Int32.init))::integer, \(request.dailyQuota)::bigint,
          \(request.expiresAt)::timestamptz)
        on conflict (name) do nothing returning id
        """)
      if added.isEmpty { throw KeyError.nameTaken(request.name) }
      try audit("key.create", request.name, actor: actor)
    }
    return key
  }

  /// Every key, revoked ones included, by name.
  package func all() throws -> [StoredKey] {
    try connection.query("select \(fragment: StoredKey.columns) from api_keys order by name")
      .map(StoredKey.init)
  }

  /// The key of a prefix.
  package func find(prefix: String) throws -> StoredKey? {
    try connection.query(
      "select \(fragment: StoredKey.columns) from api_keys where prefix = \(prefix)"
    ).first.map(StoredKey.init)
  }

  /// Whether any key is good now.
  package func hasActive() throws -> Bool {
    try connection.query(
      """
      select exists (select from api_keys
        where revoked_at is null and (expires_at is null or expires_at > now()))
      """
    ).single().value(at: 0)
  }

  /// Makes a key, by name or prefix, worthless from now on; false when it was already.
  ///
  /// Its row stays, for the audit log names it. Throws ``KeyError/unknown(_:known:)``.
  package func revoke(_ word: String, actor: String) throws -> Bool {
    let keys = try all()
    guard let key = keys.first(where: { $0.name == word || $0.prefix == word }) else {
      throw KeyError.unknown(word, known: keys.map(\.name))
    }
    return try connection.transaction {
      let changed = try connection.query(
        """
        update api_keys set revoked_at = clock_timestamp()
        where id = \(key.id) and revoked_at is null returning id
        """)
      if changed.isEmpty { return false }
      try audit("key.revoke", key.name, actor: actor)
      return true
    }
  }

  /// Counts requests of a key today (UTC) and returns how many there were in all.
  package func count(_ requests: Int64, of key: StoredKey) throws -> Int64 {
    try connection.query(
      """
      insert into api_key_usage (key_id, day, requests)
      values (\(key.id), (now() at time zone 'UTC')::date, \(requests))
      on conflict (key_id, day) do update
        set requests = api_key_usage.requests + excluded.requests
      returning requests
      """
    ).single().value(at: 0)
  }

  /// Requests of today (UTC) by key.
  package func usageToday() throws -> [Int64: Int64] {
    var usage: [Int64: Int64] = [:]
    for row in try connection.query(
      """
      select key_id, requests from api_key_usage where day = (now() at time zone 'UTC')::date
      """)
    {
      usage[try row.value(at: 0)] = try row.value(at: 1)
    }
    return usage
  }

  private func audit(_ action: String, _ target: String, actor: String) throws {
    try AuditLog(connection).record(AuditEntry(actor: actor, action: action, target: target))
  }
}
