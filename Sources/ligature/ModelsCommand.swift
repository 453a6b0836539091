import AlignAPI
import ArgumentParser
import Postgres

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models of the database, choose the one that answers, and drop others.",
    discussion: """
      Models live side by side: items are stored once, each model has embeddings of its own, and
      none is ever searched with another's. Index with a new model while the old one answers, then
      promote it; servers follow at once.

      Examples:
        ligature models list
        ligature models promote m2
        ligature models drop m1 --yes
      """,
    subcommands: [ModelsListCommand.self, ModelsPromoteCommand.self, ModelsDropCommand.self])

  /// The model of that name; throws with the names that there are.
  static func find(_ name: String, in store: ModelStore) throws -> StoredModel {
    if let model = try store.find(name: name) { return model }
    throw UnknownName(kind: "model", name: name, known: try store.all().map(\.name))
  }
}

/// A name that the database does not have.
struct UnknownName: Error, Equatable, CustomStringConvertible {
  let kind: String
  let name: String
  let known: [String]

  var description: String {
    "there is no \(kind) \"\(name)\"; "
      + (known.isEmpty ? "there are none yet" : "there are: \(known.joined(separator: ", "))")
  }
}

struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List models and how much each has embedded.",
    discussion: "Example: ligature models list --json")

  @Flag(name: .long, help: "Print one JSON array instead of a table.")
  var json = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let models = try ModelStore(Connection(database.readySettings())).overview()
    if json {
      print(Self.json(models))
    } else if models.isEmpty {
      print("there are no models yet; 'ligature index' adds one")
    } else {
      print(Self.table(models).text)
    }
  }

  static func table(_ models: [ModelOverview]) -> TextTable {
    var table = TextTable([
      ("name", .left), ("checksum", .left), ("numbers", .right), ("molecules", .right),
      ("texts", .right), ("created", .left), ("promoted", .left),
    ])
    for entry in models {
      table.append([
        entry.model.name, String(entry.model.checksum.prefix(12)), "\(entry.model.dimension)",
        grouped(entry.embeddings.molecules), grouped(entry.embeddings.texts),
        entry.model.createdAt.short,
        entry.isPromoted ? entry.promotedAt.map { "since \($0.short)" } ?? "yes" : "",
      ])
    }
    return table
  }

  static func json(_ models: [ModelOverview]) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      for entry in models {
        writer.object { writer in
          writer.name("name")
          writer.string(entry.model.name)
          writer.name("checksum")
          writer.string(entry.model.checksum)
          writer.name("dimension")
          writer.integer(entry.model.dimension)
          writer.name("created_at")
          writer.string(entry.model.createdAt.iso8601)
          writer.name("is_promoted")
          writer.spelled(entry.isPromoted ? "true" : "false")
          writer.name("promoted_at")
          writer.string(entry.promotedAt?.iso8601)
          writer.name("embeddings")
          writer.object { writer in
            writer.name("molecules")
            writer.integer(entry.embeddings.molecules)
            writer.name("texts")
            writer.integer(entry.embeddings.texts)
          }
          writer.name("open_jobs")
          writer.integer(entry.openJobs)
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
