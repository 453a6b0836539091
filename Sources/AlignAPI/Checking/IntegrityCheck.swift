import Postgres

/// One rule that the rows of the database keep, and how it is restored.
protocol IntegrityCheck: Sendable {
  /// What breaks the rule, as a line of a report: "items without a source id".
  var name: String { get }
  /// Looks for rows that break it; changes nothing.
  func find(_ connection: Connection) throws -> CheckFinding
  /// Restores it as far as that can be done, in transactions of at most `batch` rows each with its
  /// entry in the change log.
  func repair(_ connection: Connection, batch: Int) throws
}

/// Rows that break a rule.
struct CheckFinding: Equatable {
  var count = 0
  /// The first few, in words.
  var examples: [String] = []

  /// How many examples are kept.
  static let exampleLimit = 5

  mutating func add(_ example: @autoclosure () -> String) {
    count += 1
    if examples.count < Self.exampleLimit { examples.append(example()) }
  }
}

/// A rule whose violations one statement selects.
struct RowCheck: IntegrityCheck {
  let name: String
  /// Selects a column `example` for each row that breaks the rule.
  let rows: SQLStatement
  /// Repairs at most so many rows in one transaction; returns how many it has repaired.
  let step: @Sendable (Connection, Int) throws -> Int

  func find(_ connection: Connection) throws -> CheckFinding {
    let count: Int = try connection.query(
      "select count(*) from (\(fragment: rows)) as bad"
    ).single().value(at: 0)
    if count == 0 { return CheckFinding() }
    let examples = try connection.query(
      "select example from (\(fragment: rows)) as bad limit \(CheckFinding.exampleLimit)")
    return CheckFinding(count: count, examples: try examples.map { try $0.value(at: 0) })
  }

  func repair(_ connection: Connection, batch: Int) throws {
    while try step(connection, batch) > 0 {}
  }
}
