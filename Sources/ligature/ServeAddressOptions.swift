import ArgumentParser
import Foundation
import HTTPAPI
import HTTPDaemon

/// Where a server listens: the flags of `serve` on address and TLS.
struct ServeAddressOptions: ParsableArguments {
  @Option(name: .long, help: "The address to listen on, numeric or localhost.")
  var host = "127.0.0.1"

  @Option(name: .long, help: "The port to listen on; 0 takes a free one.")
  var port: UInt16 = 8080

  @Flag(
    name: .long,
    help: "Share the port with another server of this user; listen when ready, so that none waits.")
  var reusePort = false

  @Flag(
    name: .long,
    help: "Take the listening socket of the service manager (sd_listen_fds) instead of an address.")
  var inheritSocket = false

  @Option(
    name: .long,
    help: "A PEM file with the certificate and its chain, for HTTPS; read again on SIGHUP.")
  var tlsCert: String?

  @Option(name: .long, help: "A PEM file with the certificate's key.")
  var tlsKey: String?

  @Option(
    name: .long,
    help: "Open connections; past them idle ones are closed (default: 4096, or what files allow).")
  var connections: Int?

  @Option(
    name: .long,
    help: "Open connections of one client address, 0 for any number; leave it behind a proxy.")
  var connectionsPerAddress = 0

  @Option(name: .long, help: "The folder in which large bodies get room while they arrive.")
  var spoolFolder = DaemonConfiguration().spoolFolder

  func validate() throws {
    for (name, value, least) in [
      ("connections", connections ?? 1, 1), ("connections-per-address", connectionsPerAddress, 0),
    ] where !(least...1_000_000).contains(value) {
      throw ValidationError("--\(name): found \(value), expected \(least) to 1000000")
    }
    // The folder itself where the path names a link to it.
    let found = try? FileManager.default.attributesOfItem(atPath: spoolFolder + "/.")[.type]
    guard found as? FileAttributeType == .typeDirectory else {
      throw ValidationError("--spool-folder: '\(spoolFolder)' is no folder")
    }
    if (tlsCert == nil) != (tlsKey == nil) {
      throw ValidationError("--tls-cert and --tls-key go together")
    }
    if reusePort && inheritSocket {
      throw ValidationError("--reuse-port and --inherit-socket exclude one another")
    }
  }

  /// The daemon's settings.
  var configuration: DaemonConfiguration {
    var configuration = SearchService.configuration(host: host, port: port)
    configuration.reusePort = reusePort
    configuration.connectionLimit = connections
    configuration.connectionsPerAddress = connectionsPerAddress
    configuration.spoolFolder = spoolFolder
    if inheritSocket { configuration.socketSource = .inherited }
    if let tlsCert, let tlsKey {
      configuration.tls = TLSFiles(certificate: tlsCert, key: tlsKey)
    }
    return configuration
  }
}
