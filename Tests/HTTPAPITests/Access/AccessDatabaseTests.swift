import Foundation
import HTTPDaemon
import Logging
import ModelTestSupport
import Postgres
import TestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct AccessDatabaseTests {
  let settings: ConnectionSettings
  let connection: Connection
  let service: SearchService
  let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  init() throws {
    settings = try TemporaryCluster.shared().makeDatabase()
    connection = try Connection(settings)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(connection)
    service = SearchService(
      version: "1", access: .keys(in: settings, limits: AccessLimits(), log: log), log: log)
  }

  private func key(
    _ name: String, _ scope: AccessScope = .read, rate: Double? = nil, burst: Int? = nil,
    quota: Int64? = nil, expiresAt: Timestamp? = nil
  ) throws -> APIKey {
    try KeyStore(connection).create(
      .init(
        name: name, scope: scope, rate: rate, burst: burst, dailyQuota: quota,
        expiresAt: expiresAt), actor: "test")
  }

  /// Asks for `/v1/info`; 503 says that the key is good, for no model is loaded.
  private func ask(_ authorization: String?, path: String = "/v1/info") async throws -> HTTPResponse
  {
    var headers = HTTPHeaders()
    headers["Authorization"] = authorization
    return await service.handler()(
      HTTPRequest(method: "GET", target: try RequestTarget(parsing: path), headers: headers))
  }

  @Test func keysOpenTheDoor() async throws {
    let key = try key("notebook")
    #expect(try await ask("Bearer \(key.text)").status == .serviceUnavailable)
    #expect(try await ask("bearer  \(key.text)").status == .serviceUnavailable)
    #expect(try await ask(nil, path: "/livez").status == .ok)
    let wrong = APIKey.random()
    let wrongSecret = "lig_\(key.prefix)_\(wrong.text.suffix(64))"
    for bad in [
      nil, "Bearer x", "Basic \(key.text)", "Bearer \(wrong.text)", "Bearer \(wrongSecret)",
    ] {
      let answer = try await ask(bad)
      #expect(answer.status == .unauthorized)
      #expect(answer.headers["WWW-Authenticate"] == "Bearer realm=\"ligature\"")
    }
  }

  @Test func theDatabaseHasNoSecret() throws {
    let key = try key("notebook")
    let secret = String(key.text.suffix(64))
    // Bytes are shown as hex digits: the secret is sought as its bytes and as its characters.
    let row: String = try connection.query("select api_keys::text from api_keys").single()
      .value(at: 0)
    let characters: String = try connection.query(
      "select encode(convert_to(\(secret), 'UTF8'), 'hex')"
    ).single().value(at: 0)
    #expect(row.contains("notebook"))
    #expect(!row.contains(secret))
    #expect(!row.contains(characters))
    let other = try self.key("other")
    let hashes: [[UInt8]] = try connection.query("select hash from api_keys order by id").map {
      try $0.value(at: 0)
    }
    #expect(hashes[0] != hashes[1])
    #expect(key.text != other.text)
    #expect(throws: KeyError.nameTaken("other")) { try self.key("other") }
    #expect(throws: KeyError.badName("a b")) { try self.key("a b") }
  }

  @Test func revokedAndExpiredKeysEnd() async throws {
    let key = try key("notebook")
    #expect(try await ask("Bearer \(key.text)").status == .serviceUnavailable)
    #expect(try KeyStore(connection).revoke("notebook", actor: "test"))
    #expect(try !KeyStore(connection).revoke(key.prefix, actor: "test"))
    let deadline = ContinuousClock.now + .seconds(15)
    while try await ask("Bearer \(key.text)").status != .unauthorized, .now < deadline {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try await ask("Bearer \(key.text)").status == .unauthorized)
    let old = try self.key("old", expiresAt: Timestamp(microsecondsSince1970: 1))
    #expect(try await ask("Bearer \(old.text)").status == .unauthorized)
    let actions: [String] = try connection.query(
      "select action || ' ' || target from audit_log order by id"
    ).map { try $0.value(at: 0) }
    #expect(actions == ["key.create notebook", "key.revoke notebook", "key.create old"])
  }

  @Test func largeBodiesAreReadForThoseWhoMayWriteOnly() async throws {
    func request(_ authorization: String?) throws -> HTTPRequest {
      var headers = HTTPHeaders()
      headers["Authorization"] = authorization
      return HTTPRequest(
        method: "POST", target: try RequestTarget(parsing: "/v1/jobs?corpus=c"), headers: headers)
    }
    let (reader, writer) = (try key("reader"), try key("writer", .write))
    for bad in [nil, "Basic \(writer.text)", "Bearer lig_x"] {
      let refusal = service.admission(try request(bad)).refusal
      #expect(refusal?.status == .unauthorized)
    }
    func checked(_ key: APIKey) async throws -> HTTPStatus? {
      let admission = service.admission(try request("Bearer \(key.text)"))
      #expect(admission.refusal?.status == nil)
      #expect(admission.limit == SearchService.longestUpload)
      let check = try #require(admission.check)
      return await check()?.status
    }
    let statuses = [
      try await checked(writer), try await checked(reader), try await checked(APIKey.random()),
    ]
    #expect(statuses == [nil, .forbidden, .unauthorized])
    let small = HTTPRequest(method: "POST", target: try RequestTarget(parsing: "/v1/search"))
    let admission = service.admission(small)
    let isUsual = admission.refusal == nil && admission.limit == nil && admission.check == nil
    #expect(isUsual)
  }

  @Test func scopesAreKept() async throws {
    let reader = try key("reader")
    let access = AccessControl.keys(in: settings, limits: AccessLimits(), log: log)
    var headers = HTTPHeaders()
    headers["Authorization"] = "Bearer \(reader.text)"
    let request = HTTPRequest(
      method: "POST", target: try RequestTarget(parsing: "/x"), headers: headers)
    #expect(try await access.grant(request, .read).actor.name == "reader")
    #expect(try await access.grant(request, .open).actor == .anonymous)
    for scope in [Operation.Scope.write, .admin] {
      await #expect(throws: AccessError.forbidden(needed: scope.rawValue, found: "read")) {
        try await access.grant(request, scope)
      }
    }
    let admin = try key("chief", .admin)
    headers["Authorization"] = "Bearer \(admin.text)"
    let second = HTTPRequest(
      method: "POST", target: try RequestTarget(parsing: "/x"), headers: headers)
    #expect(try await access.grant(second, .write).actor.name == "chief")
    await access.finish()
  }

  @Test func limitsAreToldAndKept() async throws {
    let key = try key("slow", rate: 0.001, burst: 2)
    let first = try await ask("Bearer \(key.text)")
    #expect(first.headers["RateLimit-Policy"] == "\"burst\";q=2;w=2000")
    #expect(first.headers["RateLimit"]?.hasPrefix("\"burst\";r=1;t=") ?? false)
    #expect(try await ask("Bearer \(key.text)").status == .serviceUnavailable)
    let third = try await ask("Bearer \(key.text)")
    #expect(third.status == .tooManyRequests)
    #expect((900...1000).contains(Int(third.headers["Retry-After"] ?? "") ?? 0))
  }

  @Test func quotasAreCountedAcrossServers() async throws {
    let key = try key("daily", quota: 3)
    #expect(try await ask("Bearer \(key.text)").status == .serviceUnavailable)
    let second = AccessControl.keys(in: settings, limits: AccessLimits(), log: log)
    var headers = HTTPHeaders()
    headers["Authorization"] = "Bearer \(key.text)"
    let request = HTTPRequest(
      method: "GET", target: try RequestTarget(parsing: "/"), headers: headers)
    for _ in 0..<2 { _ = try await second.grant(request, .read) }
    await second.finish()
    #expect(try KeyStore(connection).usageToday().values.first == 2)
    // The first server has counted one of its own and hears of two more when it reads the key again.
    try await Task.sleep(for: .milliseconds(2_100))
    _ = try await ask("Bearer \(key.text)")
    let deadline = ContinuousClock.now + .seconds(15)
    while try await ask("Bearer \(key.text)").status != .tooManyRequests, .now < deadline {
      try await Task.sleep(for: .milliseconds(50))
    }
    let answer = try await ask("Bearer \(key.text)")
    #expect(answer.status == .tooManyRequests)
    #expect((1...86_400).contains(Int(answer.headers["Retry-After"] ?? "") ?? 0))
  }

  @Test func auditLogIsOnlyAddedTo() throws {
    _ = try key("notebook")
    for statement: SQLStatement in [
      "update audit_log set actor = 'x'", "delete from audit_log", "truncate audit_log",
    ] {
      #expect(throws: PostgresError.self) { try connection.execute(statement) }
    }
    #expect(
      try connection.query("select count(*) from audit_log").single().value(at: 0, as: Int64.self)
        == 1)
  }
}
