import Postgres
import TestSupport
import Testing

/// A database of its own, and a tiny model that the built program has trained.
struct TinyDatabase {
  let scratch: ScratchFolder
  let settings: ConnectionSettings

  /// The checkpoint's folder.
  var model: String { scratch.path + "/tiny" }

  /// An empty database and a model that it does not know.
  init() throws {
    scratch = try ScratchFolder()
    settings = try TemporaryCluster.shared().makeDatabase()
    try Migrator(folder: ProjectFolder.path + "/migrations").migrate(Connection(settings))
    try #require(ProgramRun(TinyModel.trainingArguments(in: scratch.path)).wait() == 0)
  }

  /// A database in which the built program has indexed the 60 shipped compounds.
  static func withCompounds() throws -> TinyDatabase {
    let made = try TinyDatabase()
    let indexing = try ProgramRun([
      "index", "--model", made.model, "--name", "compounds",
      "--corpus", ProjectFolder.path + "/data/compounds.tsv",
      "--rejects", made.scratch.path + "/rejects.tsv", "--database", made.settings.description,
    ])
    try #require(indexing.wait() == 0)
    return made
  }
}
