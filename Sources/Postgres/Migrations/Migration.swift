import Foundation

/// One numbered step of the database's form, read from a file such as `0001_initial.sql`.
package struct Migration: Sendable, Equatable {
  /// Counted from 1 without gaps.
  package let version: Int32
  /// The file's name without number and ending.
  package let name: String
  package let sql: String

  /// The file's name.
  package var fileName: String { Self.fileName(version, name) }

  static func fileName(_ version: Int32, _ name: String) -> String {
    let number = String(version)
    return String(repeating: "0", count: max(0, 4 - number.count)) + number + "_\(name).sql"
  }

  /// Reads every `.sql` file of a folder, in order; other files are left alone.
  ///
  /// Throws `.unreadable`, `.badFileName` and `.wrongNumber`.
  package static func readAll(in folder: String) throws(MigrationError) -> [Migration] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(path: folder, reason: error.localizedDescription)
    }
    var migrations: [Migration] = []
    for name in names.filter({ $0.hasSuffix(".sql") }).sorted() {
      let migration = try read(name, in: folder)
      let expected = Int32(migrations.count + 1)
      guard migration.version == expected else {
        throw .wrongNumber(file: name, found: migration.version, expected: expected)
      }
      migrations.append(migration)
    }
    guard !migrations.isEmpty else {
      throw .unreadable(path: folder, reason: "it holds no .sql file")
    }
    return migrations
  }

  private static func read(
    _ fileName: String, in folder: String
  ) throws(MigrationError) -> Migration {
    guard let match = fileName.wholeMatch(of: #/([0-9]{4})_([a-z0-9_]+)\.sql/#),
      let version = Int32(match.1)
    else { throw .badFileName(file: fileName) }
    let path = folder + "/" + fileName
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(path: path, reason: "it cannot be opened")
    }
    guard let sql = String(validating: data, as: UTF8.self) else {
      throw .unreadable(path: path, reason: "it is not UTF-8")
    }
    return Migration(version: version, name: String(match.2), sql: sql)
  }
}
