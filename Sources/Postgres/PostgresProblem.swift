/// A difficulty with the server that people can do something about.
///
/// Told by SQLSTATE (PostgreSQL documentation, appendix A) where a server has answered, else by
/// libpq's words, which are English because the program sets no locale.
package enum PostgresProblem: Sendable, Equatable, CaseIterable {
  case serverDown, hostUnknown, noAnswerInTime, startingOrStopping, connectionLost
  case wrongPassword, passwordMissing, notAdmitted, databaseMissing, notAllowed
  case tooManyConnections, diskFull, outOfMemory, readOnly, conflict, lockTimeout, statementTimeout
  case tlsNotOffered, certificateNotTrusted, certificateForOtherHost, rootCertificateMissing
  case schemaDiffers

  /// Finds out what an error means; nil for mistakes of ours and for what is no difficulty of the
  /// server's.
  package init?(_ error: PostgresError) {
    if let state = error.sqlState, let known = Self(sqlState: state) {
      self = known
      return
    }
    switch error.kind {
    case .connectFailed:
      guard let known = Self(libpqMessage: error.message) else { return nil }
      self = known
    case .connectionLost: self = .connectionLost
    default: return nil
    }
  }

  private init?(sqlState: String) {
    switch sqlState {
    case "28P01": self = .wrongPassword
    case "28000": self = .notAdmitted
    case "3D000": self = .databaseMissing
    case "42501": self = .notAllowed
    case "53300": self = .tooManyConnections
    case "53100": self = .diskFull
    case "53200": self = .outOfMemory
    case "25006": self = .readOnly
    case "40001", "40P01": self = .conflict
    case "55P03": self = .lockTimeout
    case "57014": self = .statementTimeout
    case "57P01", "57P02", "57P03": self = .startingOrStopping
    case "42P01", "42703", "42883": self = .schemaDiffers
    default: return nil
    }
  }

  private static let wordsOfLibpq: [(words: String, problem: Self)] = [
    ("Connection refused", .serverDown), ("No such file or directory", .serverDown),
    ("could not translate host name", .hostUnknown), ("timeout expired", .noAnswerInTime),
    ("Connection timed out", .noAnswerInTime), ("No route to host", .noAnswerInTime),
    ("Network is unreachable", .noAnswerInTime), ("no password supplied", .passwordMissing),
    ("server does not support SSL", .tlsNotOffered),
    ("certificate verify failed", .certificateNotTrusted),
    ("does not match host name", .certificateForOtherHost),
    ("out of memory", .outOfMemory), ("server closed the connection", .connectionLost),
  ]

  private init?(libpqMessage message: String) {
    // It also says "does not exist", as a socket does.
    if message.contains("root certificate file") {
      self = .rootCertificateMissing
      return
    }
    guard let found = Self.wordsOfLibpq.first(where: { message.contains($0.words) })
    else { return nil }
    self = found.problem
  }
}

extension PostgresError {
  /// One sentence for people: what is the matter, where, the server's own words, and what to do.
  ///
  /// Nil when nothing better than the description is known. No password is ever part of it.
  package var advice: String? {
    guard let problem = PostgresProblem(self) else { return nil }
    let place = server.map { " at \($0)" } ?? ""
    return "\(problem.complaint.replacing("{place}", with: place)) (\(ownWords)); "
      + problem.remedy
  }

  /// The message without libpq's introduction and its questions; details on the same line.
  private var ownWords: String {
    var words = message.split(separator: "\n").first.map(String.init) ?? ""
    for introduction in ["FATAL:  ", "failed: "] {
      if let place = words.ranges(of: introduction).first {
        words = String(words[place.upperBound...])
      }
    }
    return detail.map { "\(words); \($0)" } ?? words
  }
}

extension PostgresProblem {
  /// What is the matter; `{place}` stands where the server is named.
  fileprivate var complaint: String {
    switch self {
    case .serverDown: "no PostgreSQL server answers{place}"
    case .hostUnknown: "the database's host is not known{place}"
    case .noAnswerInTime: "nothing answers in time{place}"
    case .startingOrStopping: "the server{place} is starting or stopping"
    case .connectionLost: "the connection to the server{place} broke"
    case .wrongPassword: "the server{place} does not accept the password"
    case .passwordMissing: "the server{place} wants a password"
    case .notAdmitted: "the server{place} does not admit this user"
    case .databaseMissing: "the server{place} does not have that database"
    case .notAllowed: "the server{place} does not allow that to this user"
    case .tooManyConnections: "the server{place} has no connection left"
    case .diskFull: "the server{place} has no room left on its disk"
    case .outOfMemory: "the memory ran out on the server{place}"
    case .readOnly: "the server{place} only reads"
    case .conflict: "another session changed the same rows on the server{place}"
    case .lockTimeout: "another session keeps what is needed locked on the server{place}"
    case .statementTimeout: "the server{place} has stopped a statement"
    case .tlsNotOffered: "the server{place} does not offer TLS, which sslmode demands"
    case .certificateNotTrusted: "the certificate of the server{place} is not trusted"
    case .certificateForOtherHost: "the certificate of the server{place} is for another host"
    case .rootCertificateMissing: "the certificate to check the server{place} with is missing"
    case .schemaDiffers: "the tables of the server{place} are not those of this program"
    }
  }

  /// What to do.
  fileprivate var remedy: String {
    switch self {
    case .serverDown:
      "start it, for Ligature's own server with 'ligature db start', or correct the address"
    case .hostUnknown: "correct the address"
    case .noAnswerInTime: "check address, network and firewall, or raise connect_timeout"
    case .startingOrStopping: "try again in a moment"
    case .connectionLost: "look into the server's log and give the command again"
    case .wrongPassword: "correct it in the address or in ~/.pgpass"
    case .passwordMissing: "put it into ~/.pgpass (mode 0600) or into the address"
    case .notAdmitted: "correct the user in the address, or admit it in the server's pg_hba.conf"
    case .databaseMissing: "correct the name, or make it with 'createdb'"
    case .notAllowed: "use a role that may do it, see 'ligature db roles'"
    case .tooManyConnections:
      "end other programs, use fewer connections, or raise the server's max_connections"
    case .diskFull: "make room there and give the command again; nothing half-written remains"
    case .outOfMemory: "lower the server's work_mem and shared_buffers, or give it more memory"
    case .readOnly: "name the primary server in the address, not a replica"
    case .conflict: "give the command again"
    case .lockTimeout: "give the command again when that session is done"
    case .statementTimeout: "raise statement_timeout, or give the command again"
    case .tlsNotOffered: "switch TLS on there, or choose another sslmode"
    case .certificateNotTrusted: "name the authority that signed it with sslrootcert"
    case .certificateForOtherHost: "use the host name that it has, or get one for this name"
    case .rootCertificateMissing: "name its file with sslrootcert"
    case .schemaDiffers: "bring it up to date with 'ligature db migrate'"
    }
  }
}
