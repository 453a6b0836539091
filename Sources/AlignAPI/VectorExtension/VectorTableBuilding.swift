package import Alignment
import Foundation
package import Postgres
import Synchronization

/// Puts a model's vectors into pgvector: extension, table, rows, indexes, and how well they find.
///
/// Broken off anywhere, the same call goes on. Those who write embeddings meanwhile wait for nothing
/// but the moment in which the trigger is made.
package struct VectorTableBuilding {
  /// How far it has come.
  package enum Progress: Sendable, Equatable {
    /// Embeddings whose rows are there.
    case filling(done: Int, of: Int)
    /// An index, 0...1.
    case indexing(Modality, share: Double)
    /// Recall of one side with so many candidates.
    case measuring(Modality, candidates: Int)
  }

  package let model: StoredModel
  package let type: VectorColumnType
  /// Links of a node of the graph, pgvector's `m`; 2...100.
  package let links: Int
  /// pgvector's `ef_construction`; 4...1000, at least twice the links.
  package let construction: Int
  /// `maintenance_work_mem` of the server process that builds, in MB: a graph that fits is built
  /// many times faster.
  package let megabytes: Int
  let settings: ConnectionSettings

  /// Embeddings of one transaction.
  package static let batch = 2_000

  package init(
    _ model: StoredModel, type: VectorColumnType, links: Int = 16, construction: Int = 64,
    megabytes: Int = 1_024, settings: ConnectionSettings
  ) {
    precondition(
      (2...100).contains(links) && (4...1000).contains(construction)
        && construction >= 2 * links, "m \(links), ef_construction \(construction)")
    self.model = model
    self.type = type
    self.links = links
    self.construction = construction
    self.megabytes = megabytes
    self.settings = settings
  }

  /// Does what is left to do; `shouldStop` is asked often.
  ///
  /// Returns nil when it was stopped, at once when all is done already. Throws
  /// ``VectorExtensionError`` and `PostgresError`.
  package func run(
    _ connection: Connection, batch: Int = Self.batch, shouldStop: () -> Bool = { false },
    report: (Progress) -> Void = { _ in }
  ) throws -> VectorTable? {
    try VectorExtension(connection: connection).ensure()
    let table =
      try VectorTable.of(model, connection)
      ?? VectorTable.make(
        for: model, type: type, links: links, construction: construction, connection)
    guard table.type == type, table.links == links, table.construction == construction else {
      throw VectorExtensionError.madeOtherwise(
        model: model.name, found: table.making,
        expected: "\(type.rawValue), m \(links), ef_construction \(construction)")
    }
    if table.measured != nil { return table }
    guard try fill(table, batch, connection, shouldStop, report) else { return nil }
    for side in Modality.allCases {
      guard try index(table, side, connection, shouldStop, report) else { return nil }
    }
    guard try measure(table, connection, shouldStop, report) else { return nil }
    return try VectorTable.of(model, connection)
  }

  private func fill(
    _ table: VectorTable, _ batch: Int, _ connection: Connection, _ shouldStop: () -> Bool,
    _ report: (Progress) -> Void
  ) throws -> Bool {
    let total: Int = try connection.query(
      "select count(*) from \(identifier: table.embeddings)"
    ).single().value(at: 0)
    var done = 0
    var last: (item: Int64, modality: Int16) = (.min, 0)
    while let page = try table.fill(behind: last, limit: batch, connection) {
      last = page.last
      done += page.count
      report(.filling(done: done, of: max(done, total)))
      if shouldStop() { return false }
    }
    // An embedding that was deleted between its reading and its writing has left a row behind.
    while try table.deleteSurplus(limit: batch, connection) > 0 {}
    try connection.execute("analyze \(identifier: table.name)")
    return true
  }

  /// Builds the index of one side without keeping anyone from writing.
  private func index(
    _ table: VectorTable, _ side: Modality, _ connection: Connection, _ shouldStop: () -> Bool,
    _ report: (Progress) -> Void
  ) throws -> Bool {
    let name = table.index(side)
    let isDone = try connection.query(
      """
      select 1 from pg_index where indexrelid = to_regclass(\(name)) and indisvalid
      """)
    if !isDone.isEmpty { return true }
    // What a build that was broken off has left.
    try connection.execute("drop index if exists \(identifier: name)")
    try connection.execute(
      SQLStatement(unsafeSQL: "set maintenance_work_mem = '\(megabytes)MB'"))
    let statement = SQLStatement(
      unsafeSQL: """
        create index concurrently \(name) on \(table.name) using hnsw (v \(type.operatorClass))
          with (m = \(links), ef_construction = \(construction))
          where modality = \(side.storedCode)
        """)
    let watch = try Connection(settings)
    let process = connection.backendProcessID
    let outcome = Outcome()
    Thread.detachNewThread {
      let ended = Result<Void, any Error> { try connection.execute(statement) }
      outcome.result.withLock { $0 = ended }
    }
    var isCancelled = false
    while true {
      if let ended = outcome.result.withLock({ $0 }) {
        do {
          try ended.get()
          return true
        } catch let error as PostgresError where isCancelled && error.sqlState == "57014" {
          return false
        }
      }
      Thread.sleep(forTimeInterval: 0.05)
      if shouldStop() && !isCancelled {
        isCancelled = true
        try watch.execute("select pg_cancel_backend(\(process))")
      }
      report(.indexing(side, share: try Self.share(of: process, watch)))
    }
  }

  /// What the building thread leaves.
  private final class Outcome: Sendable {
    let result = Mutex<Result<Void, any Error>?>(nil)
  }

  private static func share(
    of process: Int32, _ connection: Connection
  ) throws(PostgresError) -> Double {
    try connection.query(
      """
      select coalesce(blocks_done::float8 / nullif(blocks_total, 0), 0)
      from pg_stat_progress_create_index where pid = \(process)
      """
    ).first?.value(at: 0) ?? 0
  }

  /// Takes the fewest candidates that are good for both sides, or the most that are tried.
  private func measure(
    _ table: VectorTable, _ connection: Connection, _ shouldStop: () -> Bool,
    _ report: (Progress) -> Void
  ) throws -> Bool {
    let sides = try Modality.allCases.compactMap {
      try RecallMeasurement(table, $0, connection)
    }
    var recalls: [Modality: Double] = [:]
    var chosen = type.candidateSteps[0]
    for step in type.candidateSteps {
      chosen = step
      for side in sides {
        if shouldStop() { return false }
        report(.measuring(side.side, candidates: step))
        recalls[side.side] = try side.recall(candidates: step, connection)
      }
      if recalls.values.allSatisfy({ $0 >= Self.goodRecall }) { break }
    }
    try connection.execute(
      """
      update vector_tables set candidates = \(Int32(chosen)), built_at = now(),
        recall_molecules = \(recalls[.molecule]), recall_texts = \(recalls[.text])
      where model_id = \(model.id)
      """)
    return true
  }

  private static let goodRecall = 0.995
}
