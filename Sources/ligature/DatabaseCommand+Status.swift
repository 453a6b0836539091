import AlignAPI
import ArgumentParser
import Postgres

struct DatabaseStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show whether the database runs and what it holds.",
    discussion: """
      Examples:
        ligature db status
        ligature db status --database postgresql://user@server/ligature

      Exit codes: 0 it runs, 3 it does not, 1 it cannot be asked or does not fit this program.
      """)

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    var rows: [(String, String)] = []
    // What is known is shown in any case, before the error that ends the list.
    defer { Self.print(rows) }
    try describe(&rows)
  }

  private func describe(_ rows: inout [(String, String)]) throws {
    let settings: ConnectionSettings
    switch try database.location() {
    case .server(let server):
      settings = server
      rows.append(("database", server.description))
    case .privateCluster(let cluster):
      let status = try cluster.status()
      rows.append(("running", Self.words(status)))
      rows.append(("folder", cluster.folder))
      guard case .running = status else { throw ExitCode(3) }
      rows.append(("socket", cluster.socketFolder))
      settings = try cluster.settings()
    }
    let connection = try Connection(settings)
    let version = connection.serverVersion
    rows.append(("version", "PostgreSQL \(version / 10_000).\(version % 10_000)"))
    let migrations = try database.migrator().status(connection)
    let pending = migrations.filter { $0.appliedAt == nil }
    rows.append(
      ("migrations", "\(migrations.count - pending.count) applied, \(pending.count) pending"))
    if pending.isEmpty { rows += try Self.contents(connection) }
  }

  private static func words(_ status: PrivateCluster.Status) -> String {
    switch status {
    case .running(let process): "yes, process \(process)"
    case .stopped: "no; start it with: ligature db start"
    case .absent: "no, and there is no data yet; make it with: ligature db start"
    }
  }

  private static func contents(_ connection: Connection) throws -> [(String, String)] {
    let corpora = CorpusStore(connection)
    var rows: [(String, String)] = []
    for corpus in try corpora.all() {
      let counts = try corpora.counts(corpus)
      rows.append(
        (
          "corpus \(corpus.name)",
          "\(counts.items) items: \(counts.molecules) molecules, \(counts.texts) texts"
        ))
    }
    for entry in try ModelStore(connection).overview() {
      rows.append(
        (
          "model \(entry.model.name)",
          "\(entry.model.dimension) numbers a vector; embedded: "
            + "\(entry.embeddings.molecules) molecules, \(entry.embeddings.texts) texts"
            + (entry.isPromoted ? "; promoted" : "")
        ))
    }
    let jobs = try DatabaseContents.jobs(connection)
    if !jobs.isEmpty {
      rows.append(("jobs", jobs.map { "\($0.count) \($0.state)" }.joined(separator: ", ")))
    }
    return rows
  }

  /// Two columns, the first as wide as its longest entry.
  private static func print(_ rows: [(String, String)]) {
    let width = rows.map(\.0.count).max() ?? 0
    for (name, value) in rows {
      Swift.print(name + String(repeating: " ", count: width - name.count) + "  " + value)
    }
  }
}
