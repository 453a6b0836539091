import AlignAPI
import Alignment
import ArgumentParser
import Foundation

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Embed a corpus with a model and store both in the database.",
    discussion: """
      The corpus is UTF-8 TSV with a header naming id and smiles, text or both; CSV, NDJSON and gzip
      are read as well, other columns are kept as properties. A row with an unreadable molecule, an
      id that an earlier row has, more than 64 KiB of SMILES or 1 MiB of text, or a character that
      PostgreSQL cannot store is listed in the rejects file with its line and the reason, and left
      out.

      A run that was interrupted continues when the same command is given again. A changed file
      updates the items whose ids it has, adds new ones, and deletes none. Another model is added
      to the same corpus with --model.

      Example:
        ligature index --model models/m1 --corpus pool.tsv --name chebi

      Exit codes: 0 done or done before, 1 failed, 64 the command line is wrong, 130 and 143
      stopped by Ctrl-C and SIGTERM.
      """)

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "The file to index.")
  var corpus: String

  @Option(name: .long, help: "The corpus's name in the database.")
  var name: String

  @Option(name: .long, help: "Where bad rows are listed (default: <name>.rejects.tsv).")
  var rejects: String?

  @Flag(name: .long, help: "Stop at the first bad row.")
  var strict = false

  @Option(name: .long, help: "Most rows that are stored in one transaction.")
  var chunkRows = 2048

  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    if name.isEmpty || name.contains("\0") {
      throw ValidationError("--name: at least one character expected")
    }
    if chunkRows < 1 { throw ValidationError("--chunk-rows: at least 1 expected") }
  }

  func run() throws {
    let settings = try database.readySettings()
    let checkpoint = try Checkpoint(contentsOf: model)
    var indexer = Indexer(checkpoint: checkpoint, modelFolder: model, settings: settings)
    indexer.chunkRows = chunkRows
    let rejectsPath = rejects ?? name.replacing("/", with: "_") + ".rejects.tsv"
    let signals = StopSignals()
    let display = IndexDisplay(corpus: name, rejectsPath: rejectsPath)
    let outcome = try indexer.index(
      Indexer.Request(
        path: corpus, corpus: name, rejectsPath: rejectsPath, isStrict: strict),
      shouldStop: { signals.received != nil }, report: display.show)
    display.finish(outcome)
    if outcome.end == .stopped, let signal = signals.received {
      throw ExitCode(128 + signal)
    }
  }
}
