import ArgumentParser
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

  func validate() throws {
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
    if inheritSocket { configuration.socketSource = .inherited }
    if let tlsCert, let tlsKey {
      configuration.tls = TLSFiles(certificate: tlsCert, key: tlsKey)
    }
    return configuration
  }
}
