import AlignAPI
import HTTPDaemon

/// The keys that were asked about lately; pure bookkeeping, the clock is an argument.
struct KeyBook: Sendable {
  typealias Instant = ContinuousClock.Instant

  struct Entry: Sendable {
    var key: StoredKey
    var readAt: Instant
    var isBeingRead = false
    var bucket: TokenBucket
    /// Requests that the database was not told of yet.
    var untold: Int64 = 0
    /// Requests that it is being told of.
    var telling: Int64 = 0
    /// Requests of ``day`` that the database knows.
    var told: Int64 = 0
    var day: Int
  }

  /// What to do about a prefix.
  enum Lookup: Equatable {
    /// The entry is fresh enough.
    case known
    /// It may be used while it is read again.
    case stale
    /// It must be read first.
    case missing
    /// There was no such key a moment ago.
    case absent
  }

  /// For so long an entry is used as it is.
  static let fresh = Duration.seconds(2)
  /// For so long it is used while it is read again; after that the reading is waited for.
  static let usable = Duration.seconds(10)
  /// For so long it is used while the database does not answer.
  static let usableWithoutDatabase = Duration.seconds(300)
  /// Prefixes of keys that there are not, remembered at most.
  private static let absentLimit = 1_000

  let limits: AccessLimits
  private(set) var entries: [String: Entry] = [:]
  private var absent: [String: Instant] = [:]

  init(limits: AccessLimits) {
    self.limits = limits
  }

  /// Says what to do about a prefix; a caller told `.stale` reads, and others meanwhile do not.
  mutating func look(up prefix: String, now: Instant) -> Lookup {
    if let entry = entries[prefix] {
      let age = now - entry.readAt
      if age <= Self.fresh || (entry.isBeingRead && age <= Self.usable) { return .known }
      entries[prefix]?.isBeingRead = true
      return age <= Self.usable ? .stale : .missing
    }
    if let moment = absent[prefix], now - moment <= Self.fresh { return .absent }
    return .missing
  }

  /// Takes the requests that the database is to be told of; one reader tells of each of them.
  mutating func takeUntold(prefix: String) -> Int64 {
    guard let count = entries[prefix]?.untold, count > 0 else { return 0 }
    entries[prefix]?.untold = 0
    entries[prefix]?.telling += count
    return count
  }

  /// Takes what the database says; nil for no such key.
  ///
  /// `telling` is what ``takeUntold(prefix:)`` gave.
  mutating func note(
    _ key: StoredKey?, prefix: String, told: Int64, telling: Int64, day: Int, now: Instant
  ) {
    guard let key else {
      entries[prefix] = nil
      if absent.count >= Self.absentLimit { absent = [:] }
      absent[prefix] = now
      return
    }
    absent[prefix] = nil
    var entry =
      entries[prefix]
      ?? Entry(key: key, readAt: now, bucket: bucket(of: key, now: now), day: day)
    if entry.key.rate != key.rate || entry.key.burst != key.burst {
      entry.bucket = bucket(of: key, now: now)
    }
    entry.key = key
    entry.readAt = now
    entry.isBeingRead = false
    // Of two answers the one that came later may be the older.
    entry.told = entry.day == day ? max(entry.told, told) : told
    entry.telling -= telling
    entry.day = day
    entries[prefix] = entry
  }

  /// Notes that reading failed, so that someone else tries.
  mutating func noteFailure(prefix: String, telling: Int64) {
    entries[prefix]?.isBeingRead = false
    entries[prefix]?.telling -= telling
    entries[prefix]?.untold += telling
  }

  /// Counts a request against the key's limits.
  mutating func admit(
    _ prefix: String, today: Int, secondsLeftToday: Int, now: Instant
  ) throws(AccessError) -> HTTPHeaders {
    guard var entry = entries[prefix] else { throw .unauthorized("The key is not known.") }
    defer { entries[prefix] = entry }
    if entry.day != today {
      entry.day = today
      entry.told = 0
    }
    let used = entry.told + entry.telling + entry.untold
    let quota = entry.key.dailyQuota.map { (limit: $0, used: used + 1) }
    if let quota, quota.used > quota.limit {
      throw .quotaExceeded(
        limit: quota.limit, seconds: secondsLeftToday,
        AccessGrant.headers(entry.bucket, quota: quota))
    }
    if let wait = entry.bucket.take(now: now) {
      throw .rateExceeded(
        seconds: wait, AccessGrant.headers(entry.bucket, quota: quota.map { ($0.limit, used) }))
    }
    entry.untold += 1
    return AccessGrant.headers(entry.bucket, quota: quota)
  }

  /// Keys with requests that the database does not know of.
  var untold: [String: Int64] {
    entries.compactMapValues { $0.untold > 0 ? $0.untold : nil }
  }

  private func bucket(of key: StoredKey, now: Instant) -> TokenBucket {
    TokenBucket(
      rate: key.rate ?? limits.rate, burst: max(1, key.burst ?? limits.burst), now: now)
  }
}
