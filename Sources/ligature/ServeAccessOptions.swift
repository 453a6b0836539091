import AlignAPI
import ArgumentParser
import HTTPAPI
import HTTPDaemon
import Logging
import Postgres

/// Who may ask a server: the flags of `serve` on keys and origins.
struct ServeAccessOptions: ParsableArguments {
  @Flag(name: .long, help: "Ask for keys on a loopback address too.")
  var keys = false

  @Flag(name: .long, help: "Ask nobody for a key, on a public address either.")
  var insecure = false

  @Option(name: .long, help: "Requests a second of a key without a rate of its own.")
  var keyRate = AccessLimits().rate

  @Option(name: .long, help: "Requests at once of a key without a burst of its own.")
  var keyBurst = AccessLimits().burst

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Pages of this origin may call the API; may be given several times.",
      valueName: "https://…"))
  var corsOrigin: [String] = []

  func validate() throws {
    if keys && insecure { throw ValidationError("--keys and --insecure exclude one another") }
    guard keyRate >= AccessLimits.lowestRate, keyRate.isFinite else {
      throw ValidationError(
        "--key-rate: found \(keyRate), expected a number from \(AccessLimits.lowestRate)")
    }
    guard keyBurst >= 1 else {
      throw ValidationError("--key-burst: found \(keyBurst), expected at least 1")
    }
    for origin in corsOrigin where origin != "*" {
      guard origin.wholeMatch(of: #/https?://[A-Za-z0-9.\-\[\]:]+/#) != nil else {
        throw ValidationError(
          "--cors-origin: found '\(origin)', expected an origin such as https://lab.example, or *")
      }
    }
  }

  /// Whether keys are asked for at an address.
  func asksForKeys(at host: String) -> Bool { keys || (!insecure && !Self.isLoopback(host)) }

  /// What decides on requests; throws ``NoKeys`` when keys are asked for and there is none.
  func control(
    at host: String, database: ConnectionSettings, log: Logger
  ) throws -> AccessControl {
    guard asksForKeys(at: host) else {
      if insecure && !Self.isLoopback(host) {
        log.warning("everyone who reaches \(host) may search, change and delete: --insecure")
      }
      return .open(log: log)
    }
    guard try KeyStore(Connection(database)).hasActive() else { throw NoKeys(host: host) }
    return .keys(
      in: database, limits: AccessLimits(rate: keyRate, burst: keyBurst), log: log)
  }

  /// Whether only this computer reaches a server that asks nobody for a key.
  func isLoopbackOnly(at address: DaemonConfiguration) -> Bool {
    address.socketSource == .bind && !insecure && !asksForKeys(at: address.host)
  }

  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}

/// A server would ask for keys that nobody has.
struct NoKeys: Error, CustomStringConvertible {
  let host: String

  var description: String {
    "a server on \(host) asks for keys, and there is none; make one with 'ligature keys create', "
      + "or say --insecure to let everyone in"
  }
}
