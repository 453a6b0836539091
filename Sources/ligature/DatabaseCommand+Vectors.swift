import AlignAPI
import Alignment
import ArgumentParser
import Foundation
import Postgres

struct DatabaseVectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors",
    abstract: "Let the database search a model's vectors, by pgvector.",
    discussion: """
      With PostgreSQL's extension 'vector' (pgvector) on the server, a model's vectors can lie in a
      table of its types with HNSW indexes beside the embeddings. 'serve --index pgvector' and
      'search --index pgvector' then ask the database, and hold no vectors in memory.

      Examples:
        ligature db vectors enable --model m1
        ligature db vectors status
        ligature db vectors disable --model m1
      """,
    subcommands: [
      DatabaseVectorsEnableCommand.self, DatabaseVectorsStatusCommand.self,
      DatabaseVectorsDisableCommand.self,
    ])

  /// Recall of both sides, in words.
  static func recall(_ measured: VectorTable.Measured) -> String {
    let sides = [
      ("molecules", measured.recallOfMolecules), ("texts", measured.recallOfTexts),
    ].compactMap { name, recall in
      recall.map { String(format: "%.4f of the ", $0) + name }
    }
    return sides.isEmpty ? "" : "recall@10 " + sides.joined(separator: ", ")
  }
}

struct DatabaseVectorsEnableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Make table and indexes for a model's vectors.",
    discussion: """
      Creates the extension where it is missing (that takes a superuser, or say yourself: create
      extension vector), makes the table, fills it in small transactions, builds an HNSW index for
      each side while the database is in use, and measures recall against exact search. From its
      first moment a trigger keeps the table as the embeddings are, whoever writes them.

      --type halfvec takes 16-bit floats, up to 4,000 numbers; vector 32-bit floats, up to 2,000;
      bit one bit a number, whose best are scored by the stored vectors. When it is stopped, the
      same command goes on.

      Example: ligature db vectors enable --model m1 --memory 4096

      Exit codes: 0 done, 1 failed, 130 and 143 stopped by Ctrl-C and SIGTERM.
      """)

  @Option(name: .long, help: "The model's name in the database.")
  var model: String

  @Option(
    name: .long, help: "halfvec, vector or bit.",
    transform: { word in
      guard let type = VectorColumnType(rawValue: word) else {
        let known = VectorColumnType.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(word)' is none of: \(known)")
      }
      return type
    })
  var type = VectorColumnType.halfvec

  @Option(name: .customLong("m"), help: "Links of a node of the graph, 2 to 100.")
  var links = 16

  @Option(
    name: .customLong("ef-construction"),
    help: "Nodes that are looked at for a node's links, twice --m to 1000.")
  var construction = 64

  @Option(name: .long, help: "Memory in MB for building; a graph that fits is built much faster.")
  var memory = 1_024

  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    if !(2...100).contains(links) { throw ValidationError("--m: 2 to 100 expected") }
    if !(max(4, 2 * links)...1_000).contains(construction) {
      throw ValidationError("--ef-construction: \(max(4, 2 * links)) to 1000 expected")
    }
    if !(1...1_048_576).contains(memory) {
      throw ValidationError("--memory: 1 to 1048576 MB expected")
    }
  }

  func run() throws {
    let settings = try database.readySettings()
    let connection = try Connection(settings)
    let stored = try ModelsCommand.find(model, in: ModelStore(connection))
    let signals = StopSignals(announcing: "stopping")
    let progress = ProgressDisplay()
    let building = VectorTableBuilding(
      stored, type: type, links: links, construction: construction, megabytes: memory,
      settings: settings)
    let table = try building.run(
      connection, shouldStop: { signals.received != nil },
      report: { step in Self.show(step, progress) })
    guard let table, let measured = table.measured else {
      progress.line("give the same command again to go on")
      throw ExitCode(128 + (signals.received ?? 0))
    }
    let size = try table.size(connection)
    progress.line(
      "\(stored.name): \(grouped(size.molecules)) molecules, \(grouped(size.texts)) texts; "
        + "\(table.making); \(measured.candidates) candidates")
    print(DatabaseVectorsCommand.recall(measured))
  }

  private static func show(_ step: VectorTableBuilding.Progress, _ progress: ProgressDisplay) {
    switch step {
    case .filling(let done, let total):
      progress.update(
        share: total == 0 ? 1 : Double(done) / Double(total), label: "filling",
        detail: "\(grouped(done)) vectors")
    case .indexing(let side, let share):
      progress.update(share: min(share, 0.999), label: "indexing", detail: "\(side)s")
    case .measuring(let side, let candidates):
      progress.update(
        share: 0.999, label: "measuring", detail: "\(side)s, \(candidates) candidates")
    }
  }
}

struct DatabaseVectorsStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show which models the database can search.",
    discussion: "Example: ligature db vectors status")

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let connection = try Connection(database.readySettings())
    let tables = try VectorTable.all(connection)
    if tables.isEmpty {
      print("no model's vectors are in pgvector; see: ligature db vectors enable --help")
      return
    }
    var rows = TextTable([
      ("model", .left), ("type", .left), ("molecules", .right), ("texts", .right), ("MB", .right),
      ("candidates", .right), ("recall@10", .left), ("built", .left),
    ])
    for table in tables {
      let size = try table.size(connection)
      let recalls = [table.measured?.recallOfMolecules, table.measured?.recallOfTexts]
        .map { $0.map { String(format: "%.4f", $0) } ?? "-" }
      rows.append([
        table.model.name, table.making, grouped(size.molecules), grouped(size.texts),
        grouped(size.bytes / 1_000_000), table.measured.map { grouped($0.candidates) } ?? "-",
        recalls.joined(separator: ", "),
        table.measured.map { "\($0.builtAt.short)" } ?? "not done; enable it again",
      ])
    }
    print(rows.text)
  }
}

struct DatabaseVectorsDisableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Take a model's table of pgvector away; embeddings stay.",
    discussion: """
      Servers with '--index pgvector' then answer nothing for it: start them with another index
      first. The extension itself stays.

      Example: ligature db vectors disable --model m1
      """)

  @Option(name: .long, help: "The model's name in the database.")
  var model: String

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let connection = try Connection(database.readySettings())
    let stored = try ModelsCommand.find(model, in: ModelStore(connection))
    guard let table = try VectorTable.of(stored, connection) else {
      print("\(stored.name) has no vectors in pgvector")
      return
    }
    try table.drop(connection)
    print("\(stored.name) has no vectors in pgvector any more")
  }
}
