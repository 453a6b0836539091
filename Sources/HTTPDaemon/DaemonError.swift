/// Why a daemon did not start.
public enum DaemonError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The host is neither a numeric address nor "localhost".
  case badHost(String)
  /// A setting is out of its range.
  case badSetting(name: String, found: String, expected: String)
  /// The system refused the address; `operation` is the call, `reason` its errno text.
  case cannotListen(address: String, operation: String, reason: String)
  /// There is no usable socket from a service manager; says what was found.
  case cannotInherit(String)
  /// The system gave no epoll; `reason` is its errno text.
  case cannotWatch(reason: String)
  /// The certificate or key cannot be used.
  case badTLS(TLSError)
  /// libmicrohttpd refused to start.
  case cannotStart(address: String)

  /// One sentence for the operator.
  public var description: String {
    switch self {
    case .badHost(let host):
      "host '\(host)' is not a numeric IPv4 or IPv6 address, nor 'localhost'"
    case .badSetting(let name, let found, let expected):
      "\(name) is \(found), expected \(expected)"
    case .cannotListen(let address, let operation, let reason):
      "cannot listen on \(address): \(operation): \(reason)"
    case .cannotInherit(let found): "cannot take over a socket: \(found)"
    case .cannotWatch(let reason): "cannot watch connections: \(reason)"
    case .badTLS(let error): error.description
    case .cannotStart(let address):
      "libmicrohttpd refused to serve \(address)"
    }
  }
}
