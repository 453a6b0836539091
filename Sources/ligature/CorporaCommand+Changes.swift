import AlignAPI
import ArgumentParser
import Depiction
import Foundation
import Molecule
import Postgres

struct CorporaExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a corpus to a file that indexes to the same items.",
    discussion: """
      One row for each source id, in the order of the ids. Without --format the file's ending
      decides: .tsv, .ndjson, .jsonl, .smi or .sdf; otherwise it is TSV. NDJSON holds everything;
      TSV has a column for each property and cannot hold tabs or line ends; .smi has SMILES and id
      alone; .sdf has molfiles with text and properties as data items, and no texts alone.

      Example: ligature corpora export chebi --out chebi.ndjson

      Exit codes: 0 done, 1 failed, 130 and 143 stopped by Ctrl-C and SIGTERM.
      """)

  @Argument(help: "The corpus's name in the database.")
  var name: String

  @Option(name: .long, help: "tsv, ndjson, smi or sdf.")
  var format: String?

  @Option(name: .long, help: "The file to write; standard output without it.")
  var out: String?

  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    if let format, CorpusExport.Format(rawValue: format) == nil {
      throw ValidationError("--format: tsv, ndjson, smi or sdf expected")
    }
  }

  /// The format that was stated, or that of the file's ending.
  var chosenFormat: CorpusExport.Format {
    if let format, let stated = CorpusExport.Format(rawValue: format) { return stated }
    let ending = out?.split(separator: ".").last.map(String.init) ?? ""
    if ending == "sd" { return .sdf }
    return ending == "jsonl" ? .ndjson : CorpusExport.Format(rawValue: ending) ?? .tsv
  }

  func run() throws {
    let connection = try Connection(database.readySettings())
    let corpus = try CorporaCommand.find(name, in: CorpusStore(connection))
    let file = try ReplacedFile(path: out)
    let progress = ProgressDisplay()
    let signals = StopSignals(announcing: "stopping")
    let outcome = try CorpusExport(
      connection, corpus, format: chosenFormat,
      layout: { try? MoleculeLayout(of: $0).positions }
    ).write(
      shouldStop: { signals.received != nil },
      report: { done, total in
        progress.update(
          share: total == 0 ? 1 : Double(done) / Double(total), label: "exporting",
          detail: "\(grouped(done)) rows")
      },
      to: file.write)
    if let signal = signals.received, !outcome.isComplete { throw ExitCode(128 + signal) }
    try file.finish()
    var words = "\(grouped(outcome.rows)) rows of corpus \(corpus.name)"
    if outcome.leftOut > 0 { words += "; \(grouped(outcome.leftOut)) without a molecule left out" }
    progress.line(words)
  }
}

struct CorporaDropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Delete a corpus with its items and embeddings.",
    discussion: """
      Items go in transactions of 10,000, so that nobody waits for long. When it is stopped, the
      same command goes on.

      Example: ligature corpora drop chebi --yes

      Exit codes: 0 done, 1 failed, 130 and 143 stopped by Ctrl-C and SIGTERM.
      """)

  @Argument(help: "The corpus's name in the database.")
  var name: String

  @Flag(name: .long, help: "Drop it although it has items.")
  var yes = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let store = CorpusStore(try Connection(database.readySettings()))
    let corpus = try CorporaCommand.find(name, in: store)
    let counts = try store.counts(corpus)
    if counts.items > 0 && !yes {
      throw ConfirmationNeeded(
        "corpus \(name) has \(grouped(counts.items)) items "
          + "(\(grouped(counts.molecules)) molecules, \(grouped(counts.texts)) texts)")
    }
    let progress = ProgressDisplay()
    let signals = StopSignals(announcing: "stopping after this batch")
    let isDone = try store.drop(
      corpus,
      recording: AuditEntry(
        actor: AuditLog.commandLine, action: "corpus.delete", target: corpus.name),
      shouldStop: { signals.received != nil },
      report: { now in
        progress.update(
          share: now.total == 0 ? 1 : min(1, Double(now.deleted) / Double(now.total)),
          label: "dropping", detail: "\(grouped(now.deleted)) items", plainInterval: 5)
      })
    if !isDone, let signal = signals.received {
      progress.line("give the same command again to continue")
      throw ExitCode(128 + signal)
    }
    print("dropped corpus \(name) with \(grouped(counts.items)) items")
  }
}
