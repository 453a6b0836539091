import AlignAPI
import ArgumentParser
import Foundation
import Postgres

struct CorporaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpora",
    abstract: "List the corpora of the database, write them to files, and drop them.",
    discussion: """
      Examples:
        ligature corpora list
        ligature corpora export chebi --out chebi.ndjson
        ligature corpora drop chebi --yes
      """,
    subcommands: [
      CorporaListCommand.self, CorporaExportCommand.self, CorporaDropCommand.self,
    ])

  /// The corpus of that name; throws with the names that there are.
  static func find(_ name: String, in store: CorpusStore) throws -> StoredCorpus {
    if let corpus = try store.find(name) { return corpus }
    throw UnknownName(kind: "corpus", name: name, known: try store.all().map(\.name))
  }
}

struct CorporaListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List corpora, what they hold, and how much is embedded.",
    discussion: "Example: ligature corpora list --json")

  @Flag(name: .long, help: "Print one JSON array instead of a table.")
  var json = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let corpora = try CorpusStore(Connection(database.readySettings())).overview()
    if json {
      print(Self.json(corpora))
    } else if corpora.isEmpty {
      print("there are no corpora yet; 'ligature index' adds one")
    } else {
      print(Self.table(corpora).text)
    }
  }

  static func table(_ corpora: [CorpusOverview]) -> TextTable {
    var table = TextTable([
      ("name", .left), ("items", .right), ("molecules", .right), ("texts", .right),
      ("rows", .right), ("versions", .right), ("embedded by", .left),
    ])
    for entry in corpora {
      let shares = entry.shares.map { share in
        "\(share.model.name) " + String(format: "%.1f%%", entry.share(share) * 100)
      }
      table.append([
        entry.corpus.name, grouped(entry.counts.items), grouped(entry.counts.molecules),
        grouped(entry.counts.texts), grouped(entry.sources), grouped(Int(entry.version)),
        shares.joined(separator: ", "),
      ])
    }
    return table
  }

  static func json(_ corpora: [CorpusOverview]) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      for entry in corpora { writer.object { Self.write(entry, to: &$0) } }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func write(_ entry: CorpusOverview, to writer: inout JSONWriter) {
    writer.name("name")
    writer.string(entry.corpus.name)
    writer.name("items")
    writer.integer(entry.counts.items)
    writer.name("molecules")
    writer.integer(entry.counts.molecules)
    writer.name("texts")
    writer.integer(entry.counts.texts)
    writer.name("rows")
    writer.integer(entry.sources)
    writer.name("version")
    writer.integer(entry.version)
    writer.name("created_at")
    writer.string(entry.createdAt.iso8601)
    writer.name("models")
    writer.array { writer in
      for share in entry.shares {
        writer.object { writer in
          writer.name("name")
          writer.string(share.model.name)
          writer.name("molecules")
          writer.integer(share.embeddings.molecules)
          writer.name("texts")
          writer.integer(share.embeddings.texts)
          writer.name("share")
          writer.number(entry.share(share))
        }
      }
    }
  }
}
