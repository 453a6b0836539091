import CLibPQ

/// Where a connection leads, for messages: host, port and database, nothing secret.
struct ServerPlace: Equatable, CustomStringConvertible {
  let host: String
  let port: String
  let database: String

  /// What libpq has made of settings, environment and defaults.
  init(_ handle: OpaquePointer) {
    func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
      unsafe pointer.map { unsafe String(cString: $0) } ?? ""
    }
    unsafe host = text(PQhost(handle))
    unsafe port = text(PQport(handle))
    unsafe database = text(PQdb(handle))
  }

  init(host: String, port: String, database: String) {
    self.host = host
    self.port = port
    self.database = database
  }

  var description: String {
    let server =
      host.hasPrefix("/")
      ? "\(host)/.s.PGSQL.\(port)" : (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    return database.isEmpty ? server : "\(server), database \(database)"
  }
}
