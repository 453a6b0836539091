package import Postgres
import Retrieval
package import Tensor

/// What one rule's check has found.
package struct CheckResult: Sendable, Equatable {
  /// What breaks the rule.
  package let check: String
  /// Rows that broke it before any repair.
  package let found: Int
  /// Rows of those that do not break it any more.
  package let repaired: Int
  /// The first few of what was found, in words.
  package let examples: [String]

  /// Whether the rule is kept now.
  package var isClean: Bool { found == repaired }
}

/// Looks for rows that break the rules of the schema that PostgreSQL itself does not enforce, and
/// repairs them.
///
/// Every check streams or lets the server count, and repairs work in batches, so memory is bounded
/// whatever the database holds. What is lost by a repair is only what can be computed again, or
/// what nothing leads to.
package struct DatabaseCheck {
  /// Makes the code of each row, one behind the other.
  package typealias Coding = @Sendable (HalfMatrix) -> [UInt8]

  /// Most rows of one transaction of a repair.
  package static let batch = 1000

  private let checks: [any IntegrityCheck]

  /// `coding` is how codes are computed today; without it they are not looked at.
  package init(coding: Coding?) {
    // In this order: a repair may leave rows for a later check.
    checks =
      [
        StructureChecks.partitions, StructureChecks.foreignSources,
        StructureChecks.itemsWithoutSource, ItemContentCheck(), EmbeddingChecks.checksum,
        EmbeddingChecks.length, EmbeddingChecks.side,
      ] + (coding.map { [CodeCheck(coding: $0)] } ?? [])
      + [VectorTableCheck(), StructureChecks.chunks, ChangeLogCheck()]
  }

  /// The checks with the codes that this program searches by.
  package static var current: DatabaseCheck { DatabaseCheck(coding: BinaryCodes.codes(of:)) }

  /// Runs every check, and repairs what it finds if told to; `report` is told each check's name as
  /// it begins.
  ///
  /// Throws `PostgresError`; what was repaired before stays so. `shouldStop` is asked before each.
  package func run(
    _ connection: Connection, repair: Bool, batch: Int = DatabaseCheck.batch,
    shouldStop: () -> Bool = { false },
    report: (_ check: String, _ share: Double) -> Void = { _, _ in }
  ) throws -> [CheckResult] {
    var results: [CheckResult] = []
    for check in checks {
      if shouldStop() { break }
      report(check.name, Double(results.count) / Double(checks.count))
      let before = try check.find(connection)
      var remaining = before.count
      if repair && before.count > 0 {
        try check.repair(connection, batch: batch)
        remaining = try check.find(connection).count
      }
      results.append(
        CheckResult(
          check: check.name, found: before.count,
          repaired: max(0, before.count - remaining), examples: before.examples))
    }
    return results
  }

  /// How many checks there are.
  package var count: Int { checks.count }
}
