import Postgres

/// pgvector in a database: whether it is there, and how it gets there.
struct VectorExtension {
  let connection: Connection

  /// The first version whose scans go on where a filter has left too few.
  static let oldest = "0.8.0"

  /// Creates the extension where it is missing.
  ///
  /// Throws ``VectorExtensionError`` where the server does not have it, has an older one, or does
  /// not let this user create it, and `PostgresError`.
  func ensure() throws {
    if try installedVersion() == nil {
      let major = connection.serverVersion / 10_000
      let isThere = try connection.query(
        "select 1 from pg_available_extensions where name = 'vector'")
      guard !isThere.isEmpty else { throw VectorExtensionError.notAvailable(server: major) }
      do throws(PostgresError) {
        try connection.execute("create extension if not exists vector")
      } catch {
        guard error.sqlState == "42501" else { throw error }
        let user: String = try connection.query("select current_user").single().value(at: 0)
        throw VectorExtensionError.notAllowed(user: user)
      }
    }
    let version = try installedVersion() ?? ""
    guard
      Self.numbers(Self.oldest).lexicographicallyPrecedes(Self.numbers(version))
        || Self.numbers(version) == Self.numbers(Self.oldest)
    else { throw VectorExtensionError.tooOld(found: version, expected: Self.oldest) }
  }

  /// The version in this database; nil where it was not created.
  func installedVersion() throws(PostgresError) -> String? {
    try connection.query("select extversion from pg_extension where extname = 'vector'").first?
      .value(at: 0, as: String.self)
  }

  private static func numbers(_ version: String) -> [Int] {
    version.split(separator: ".").map { Int($0) ?? 0 }
  }
}

/// Why vectors cannot be searched by pgvector.
package enum VectorExtensionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The server, of that major version, does not have the extension.
  case notAvailable(server: Int)
  /// The user has no right to create it.
  case notAllowed(user: String)
  case tooOld(found: String, expected: String)
  /// The model's vectors are longer than an index of that type takes.
  case tooLong(model: String, dimension: Int, type: VectorColumnType)
  /// A table of the model is there, made in another way.
  case madeOtherwise(model: String, found: String, expected: String)
  /// The model's vectors are in no table of the extension, or its indexes are not done.
  case notEnabled(model: String)

  package var description: String {
    switch self {
    case .notAvailable(let server):
      "the server does not have the extension 'vector' (pgvector); install it on the server, as the "
        + "package postgresql-\(server)-pgvector or from its source, and give the command again"
    case .notAllowed(let user):
      "user \(user) may not create the extension 'vector'; let an administrator say in this "
        + "database: create extension vector"
    case .tooOld(let found, let expected):
      "the database has version \(found) of the extension 'vector', expected \(expected) or later; "
        + "install that on the server, then say in this database: alter extension vector update"
    case .tooLong(let model, let dimension, let type):
      "the vectors of \(model) have \(dimension) numbers, expected at most \(type.longest) for "
        + "\(type.rawValue)"
    case .madeOtherwise(let model, let found, let expected):
      "\(model) has its vectors in the extension already, as \(found), and \(expected) was asked "
        + "for; take it away first: ligature db vectors disable --model \(model)"
    case .notEnabled(let model):
      "the database cannot search the vectors of \(model) by pgvector; let it with: "
        + "ligature db vectors enable --model \(model)"
    }
  }
}
