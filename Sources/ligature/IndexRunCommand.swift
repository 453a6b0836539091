import AlignAPI
import Alignment
import ArgumentParser
import Foundation
import Records

struct IndexRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Index a file, standard input, or a corpus again under another model.",
    discussion: """
      A corpus is TSV with a header naming id and smiles, text or both; CSV, NDJSON, SMILES files
      (.smi) and SDF are read as well, each plain or gzip. Other columns and data items are kept as
      properties. A row with an unreadable molecule, an id that an earlier row has, more than 64 KiB
      of SMILES or 1 MiB of text, or a character that PostgreSQL cannot store is listed in the
      rejects file with its line and the reason, and left out. Rows with the same molecule and the
      same text are one item with several ids.

      The file is cut into chunks in the database. --workers N works on them with N processes here;
      'ligature index work' on any machine helps. A run that was interrupted continues when the same
      command is given again. A changed file updates the items whose ids it has, adds new ones, and
      deletes none. --reembed adds a model's vectors to what a corpus holds, while others serve.

      Example:
        ligature index --model models/m1 --corpus pool.tsv --name chebi --workers 2
      """)

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "The file to index; - reads standard input.")
  var corpus: String?

  @Option(name: .long, help: "The corpus's name in the database.")
  var name: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The file's format, when its name and header do not tell: "
        + RecordFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "format"),
    transform: IndexRunCommand.format(named:))
  var format: RecordFormat?

  @Flag(name: .long, help: "Embed what the corpus holds already; without --corpus.")
  var reembed = false

  @Option(name: .long, help: "How many processes of this machine work on it.")
  var workers = 1

  @Option(name: .long, help: "Where bad rows are listed (default: <name>.rejects.tsv).")
  var rejects: String?

  @Flag(name: .long, help: "Stop at the first bad row.")
  var strict = false

  @Option(name: .long, help: "Most rows that are stored in one transaction.")
  var chunkRows = 1024

  @OptionGroup var lease: LeaseOption
  @OptionGroup var database: DatabaseOptions

  private static func format(named name: String) throws -> RecordFormat {
    guard let format = RecordFormat(rawValue: name) else {
      throw ValidationError("there is no format '\(name)'")
    }
    return format
  }

  func validate() throws {
    if name.isEmpty || name.contains("\0") {
      throw ValidationError("--name: at least one character expected")
    }
    if chunkRows < 1 { throw ValidationError("--chunk-rows: at least 1 expected") }
    if !(1...64).contains(workers) { throw ValidationError("--workers: 1 to 64 expected") }
    if reembed == (corpus != nil) {
      throw ValidationError("expected either --corpus or --reembed")
    }
  }

  func run() throws {
    let settings = try database.readySettings()
    let checkpoint = try Checkpoint(contentsOf: model)
    var indexer = Indexer(checkpoint: checkpoint, modelFolder: model, settings: settings)
    indexer.chunkRows = chunkRows
    indexer.lease = lease.duration
    indexer.waitingChunks = max(indexer.waitingChunks, 4 * workers)
    let rejectsPath = rejects ?? name.replacing("/", with: "_") + ".rejects.tsv"
    let signals = StopSignals()
    let display = IndexDisplay(corpus: name, rejectsPath: rejectsPath)
    let helpers = WorkerProcesses(
      count: workers - 1,
      arguments: ["--model", model, "--lease", "\(lease.lease)"] + database.arguments)
    defer { helpers.end() }
    let outcome = try indexer.index(
      Indexer.Request(
        path: corpus, format: format, corpus: name, rejectsPath: rejectsPath, isStrict: strict),
      shouldStop: { signals.received != nil },
      report: { event in
        if case .opened(let job) = event { helpers.start(job: job) }
        display.show(event)
      })
    helpers.end()
    display.finish(outcome)
    if outcome.end == .stopped, let signal = signals.received {
      throw ExitCode(128 + signal)
    }
  }
}

/// How long a chunk stays with a worker that gives no sign of life.
struct LeaseOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Seconds after which the chunk of a worker that died is given to another.",
      valueName: "seconds"))
  var lease = 60.0

  var duration: Duration { .seconds(lease) }

  func validate() throws {
    if !(0.1...86_400).contains(lease) {
      throw ValidationError("--lease: 0.1 to 86400 seconds expected")
    }
  }
}
