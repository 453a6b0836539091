import AlignAPI
import ArgumentParser
import Foundation
import HTTPAPI
import Postgres

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make, list and revoke the keys of the HTTP API.",
    discussion: """
      A server on a public address answers only to keys. A key is shown once, when it is made; the
      database has a salted hash of it. To replace one, make a second, give it to the client, then
      revoke the first.

      Examples:
        ligature keys create --name lab-notebook --scope read --expires 90d
        ligature keys list
        ligature keys revoke lab-notebook
      """,
    subcommands: [KeysCreateCommand.self, KeysListCommand.self, KeysRevokeCommand.self])
}

struct KeysCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a key and print it, once.",
    discussion: """
      Standard output is the key alone, so that it can go to a file or a secret store.

      Example: ligature keys create --name indexer --scope write --rate 20 --burst 40 > key
      """)

  @Option(name: .long, help: "A name for lists and the audit log.")
  var name: String

  @Option(
    name: .long,
    help: """
      read: search and look; write: also change items and start jobs; admin: also drop corpora and \
      promote models.
      """)
  var scope = AccessScope.read

  @Option(
    name: .long, help: "How long it is good: 12h, 90d, 1y, or a moment (2027-01-31T00:00:00Z).")
  var expires: String?

  @Option(name: .long, help: "Requests a second in the long run (default: the server's).")
  var rate: Double?

  @Option(name: .long, help: "Requests that may come at once (default: the server's).")
  var burst: Int?

  @Option(name: .long, help: "Requests a day, UTC (default: any number).")
  var quota: Int64?

  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    if let rate, !(rate >= AccessLimits.lowestRate && rate.isFinite) {
      throw ValidationError(
        "--rate: found \(rate), expected a number from \(AccessLimits.lowestRate)")
    }
    if let burst, burst < 1 || burst > Int(Int32.max) {
      throw ValidationError("--burst: found \(burst), expected at least 1")
    }
    if let quota, quota < 1 {
      throw ValidationError("--quota: found \(quota), expected at least 1")
    }
    if let expires, Self.moment(expires, from: Date()) == nil {
      throw ValidationError(
        "--expires: found '\(expires)', expected 12h, 90d, 1y or 2027-01-31T00:00:00Z")
    }
  }

  func run() throws {
    let now = Date()
    let end = expires.flatMap { Self.moment($0, from: now) }
    if let end, end <= now { throw KeyError.expired(end.formatted(.iso8601)) }
    let store = KeyStore(try Connection(database.readySettings()))
    let key = try store.create(
      KeyStore.Request(
        name: name, scope: scope, rate: rate, burst: burst, dailyQuota: quota,
        expiresAt: end.map {
          Timestamp(microsecondsSince1970: Int64($0.timeIntervalSince1970 * 1_000_000))
        }),
      actor: AuditLog.commandLine)
    print(key.text)
    FileHandle.standardError.write(
      Data("keep it: it is not shown again. Clients send 'Authorization: Bearer lig_…'.\n".utf8))
  }

  /// A length of time from a moment, or a moment; nil for any other word.
  static func moment(_ word: String, from start: Date) -> Date? {
    if let match = word.wholeMatch(of: #/([1-9][0-9]{0,5})([hdy])/#), let count = Double(match.1) {
      let unit: Double = match.2 == "h" ? 3_600 : match.2 == "d" ? 86_400 : 365 * 86_400
      return start.addingTimeInterval(count * unit)
    }
    return try? Date(word, strategy: .iso8601)
  }
}

extension AccessScope: ExpressibleByArgument {}

struct KeysListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List keys, what they may do and what they did today.",
    discussion: "Example: ligature keys list --json")

  @Flag(name: .long, help: "Print one JSON array instead of a table.")
  var json = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let store = KeyStore(try Connection(database.readySettings()))
    let keys = try store.all()
    let usage = try store.usageToday()
    if json {
      print(Self.json(keys, usage))
    } else if keys.isEmpty {
      print("there are no keys yet; 'ligature keys create' makes one")
    } else {
      print(Self.table(keys, usage).text)
    }
  }

  static func table(_ keys: [StoredKey], _ usage: [Int64: Int64]) -> TextTable {
    var table = TextTable([
      ("name", .left), ("key", .left), ("scope", .left), ("rate", .right), ("burst", .right),
      ("today", .right), ("quota", .right), ("created", .left), ("expires", .left),
      ("revoked", .left),
    ])
    for key in keys {
      table.append([
        key.name, "lig_\(key.prefix)_…", key.scope.rawValue, key.rate.map { "\($0)" } ?? "",
        key.burst.map { grouped($0) } ?? "", grouped(Int(usage[key.id] ?? 0)),
        key.dailyQuota.map { grouped(Int($0)) } ?? "", key.createdAt.short,
        key.expiresAt?.short ?? "", key.revokedAt?.short ?? "",
      ])
    }
    return table
  }

  static func json(_ keys: [StoredKey], _ usage: [Int64: Int64]) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      for key in keys {
        writer.object { writer in
          writer.name("name")
          writer.string(key.name)
          writer.name("prefix")
          writer.string(key.prefix)
          writer.name("scope")
          writer.string(key.scope.rawValue)
          writer.name("rate")
          if let rate = key.rate { writer.number(rate) } else { writer.null() }
          writer.name("burst")
          if let burst = key.burst { writer.integer(burst) } else { writer.null() }
          writer.name("daily_quota")
          if let quota = key.dailyQuota { writer.integer(quota) } else { writer.null() }
          writer.name("requests_today")
          writer.integer(usage[key.id] ?? 0)
          writer.name("created_at")
          writer.string(key.createdAt.iso8601)
          writer.name("expires_at")
          writer.string(key.expiresAt?.iso8601)
          writer.name("revoked_at")
          writer.string(key.revokedAt?.iso8601)
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

struct KeysRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Make a key worthless, within two seconds on every server.",
    discussion: "Example: ligature keys revoke lab-notebook")

  @Argument(help: "The key's name, or the twelve letters behind 'lig_'.")
  var key: String

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let store = KeyStore(try Connection(database.readySettings()))
    let isNew = try store.revoke(key, actor: AuditLog.commandLine)
    print(isNew ? "revoked \(key)" : "\(key) was revoked already")
  }
}
