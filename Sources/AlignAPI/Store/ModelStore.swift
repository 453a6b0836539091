package import Alignment
import Digest
import Foundation
package import Postgres

/// A checkpoint as the database knows it.
package struct StoredModel: Sendable, Equatable {
  package let id: Int64
  /// Unique; the checkpoint's name, with digits of its checksum when another has that name.
  package let name: String
  /// SHA-256 of config.json, lower-case hexadecimal.
  package let checksum: String
  /// Length of a stored vector, in numbers.
  package let dimension: Int
  package let createdAt: Timestamp
}

/// The table of models.
package struct ModelStore {
  let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// Finds the checkpoint's row by its checksum, or adds one.
  ///
  /// `folder` is where the checkpoint was loaded from; its config.json is stored. Throws
  /// ``DatabaseError/checkpointChanged(folder:)`` when that is no longer what was loaded,
  /// ``DatabaseError/modelNamesTaken(name:checksum:)`` and `PostgresError`.
  package func register(_ checkpoint: Checkpoint, folder: String) throws -> StoredModel {
    let checksum = checkpoint.checksum.hexadecimal
    if let known = try find(checksum: checksum) { return known }
    let data = FileManager.default.contents(atPath: folder + "/config.json") ?? Data()
    guard SHA256Digest.of(bytes: Array(data)) == checkpoint.checksum else {
      throw DatabaseError.checkpointChanged(folder: folder)
    }
    let config = JSONText(String(decoding: data, as: UTF8.self))
    let dimension = Int32(checkpoint.model.storedDimension)
    for suffix in ["", "-\(checksum.prefix(8))", "-\(checksum)"] {
      let name = checkpoint.name + suffix
      try connection.transaction {
        let added = try connection.query(
          """
          insert into models (name, checksum, dimension, config)
          values (\(name), \(checksum), \(dimension), \(config)) on conflict do nothing
          returning id
          """)
        if let row = added.first {
          let id: Int64 = try row.value(at: 0)
          try connection.execute("select add_embedding_partitions(\(id))")
        }
      }
      if let added = try find(checksum: checksum) { return added }
    }
    throw DatabaseError.modelNamesTaken(name: checkpoint.name, checksum: checksum)
  }

  /// The model of a checkpoint's checksum.
  package func find(checksum: String) throws -> StoredModel? {
    try connection.query(
      "\(fragment: Self.selection) where checksum = \(checksum)"
    ).first.map(Self.model)
  }

  /// Every model, by name.
  package func all() throws -> [StoredModel] {
    try connection.query("\(fragment: Self.selection) order by name").map(Self.model)
  }

  private static let selection: SQLStatement =
    "select id, name, checksum, dimension, created_at from models"

  private static func model(_ row: Row) throws -> StoredModel {
    StoredModel(
      id: try row.value("id"), name: try row.value("name"), checksum: try row.value("checksum"),
      dimension: Int(try row.value("dimension", as: Int32.self)),
      createdAt: try row.value("created_at"))
  }
}
