import CLibPQ

/// Where and as whom to connect.
///
/// Values that are secret never appear in `description`, in reflection or in an error.
package struct ConnectionSettings: Sendable, Equatable, CustomStringConvertible {
  private var parameters: [String: String]
  private var secrets: [String: Secret]

  private static let secretKeywords: Set<String> = ["password", "sslpassword"]

  /// Reads a URL (`postgresql://user@host:port/database?option=value`) or a keyword string
  /// (`host=/run/socket port=6001 dbname=ligature`), as libpq defines them.
  ///
  /// Throws `.invalidSettings`; the message leaves out everything that libpq quotes, because that
  /// may hold a password.
  package init(_ text: String) throws(PostgresError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = unsafe PQconninfoParse(text, &message) else {
      let reason = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
      unsafe PQfreemem(message)
      throw PostgresError(kind: .invalidSettings, message: Self.withoutQuotedText(reason))
    }
    defer { unsafe PQconninfoFree(options) }
    self.init(parameters: [:])
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      if let value = unsafe option.pointee.val {
        unsafe set(String(cString: keyword), to: String(cString: value))
      }
      unsafe option += 1
    }
  }

  /// Settings from libpq's parameter keywords.
  package init(parameters: [String: String]) {
    self.parameters = [:]
    secrets = [:]
    for (keyword, value) in parameters { set(keyword, to: value) }
  }

  /// The same server and user, another database.
  package func with(database: String) -> Self {
    var copy = self
    copy.set("dbname", to: database)
    return copy
  }

  /// The same, with one of libpq's parameter keywords set; replaces a value that was stated.
  package func with(parameter keyword: String, value: String) -> Self {
    var copy = self
    copy.set(keyword, to: value)
    return copy
  }

  /// A stated parameter's value; nil for a secret one.
  package func value(of keyword: String) -> String? { parameters[keyword] }

  /// The database's name, when it is stated.
  package var database: String? { parameters["dbname"] }

  /// Keyword and value of every parameter except the secret ones, sorted by keyword.
  package var description: String {
    let shown = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return shown.joined(separator: " ")
  }

  /// What libpq is given: the stated parameters plus ours where nothing is stated.
  var effectiveParameters: [String: String] {
    let defaults = ["connect_timeout": "10", "fallback_application_name": "ligature"]
    let stated = parameters.merging(secrets.mapValues(\.value)) { shown, _ in shown }
    return stated.merging(defaults) { stated, _ in stated }.merging(["client_encoding": "UTF8"]) {
      _, ours in ours
    }
  }

  /// The stated parameters but the secret ones as a keyword string, for other programs' arguments.
  var keywordString: String {
    parameters.sorted { $0.key < $1.key }.map { keyword, value in
      let escaped = value.replacing(#"\"#, with: #"\\"#).replacing("'", with: #"\'"#)
      return "\(keyword)='\(escaped)'"
    }.joined(separator: " ")
  }

  /// The password as a word of another program's environment; empty without one.
  ///
  /// Throws `.encryptedClientKey` for the one secret that has no such word.
  func secretEnvironment() throws(BackupError) -> [String] {
    if secrets["sslpassword"] != nil { throw .encryptedClientKey }
    return secrets["password"].map { ["PGPASSWORD=\($0.value)"] } ?? []
  }

  /// Whether libpq is to try several hosts one after the other.
  var namesSeveralHosts: Bool {
    ["host", "hostaddr"].contains { parameters[$0]?.contains(",") ?? false }
  }

  /// How long connecting may take; nil without a limit.
  ///
  /// As libpq counts: whole seconds, at least two, and none for zero, less, or what is no number.
  var connectTimeout: Duration? {
    let seconds = effectiveParameters["connect_timeout"].flatMap { Int64($0) } ?? 0
    return seconds > 0 ? .seconds(max(2, seconds)) : nil
  }

  /// The text with every secret value blanked.
  func redacting(_ text: String) -> String {
    secrets.values.reduce(text) { $1.value.isEmpty ? $0 : $0.replacing($1.value, with: "***") }
  }

  private mutating func set(_ keyword: String, to value: String) {
    if Self.secretKeywords.contains(keyword) {
      secrets[keyword] = Secret(value: value)
    } else {
      parameters[keyword] = value
    }
  }

  /// Blanks from the first to the last double quote.
  private static func withoutQuotedText(_ message: String) -> String {
    let text = message.trimmingLineEnd
    guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\""), first < last
    else { return text }
    return text[...first] + "…" + text[last...]
  }
}

/// A value that shows itself to nobody but its reader.
private struct Secret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  let value: String
  var description: String { "***" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
