import Alignment
import ArgumentParser
import Foundation

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on pairs of molecules and texts.",
    discussion: """
      Files are UTF-8 TSV with a header: pairs have id, smiles and text, the pool id and smiles, dev
      id and text; CSV, NDJSON and gzip are read as well. Dev pairs choose the best epoch; each
      dev id must be in the pool. Bad rows are listed in <out>.rejects.tsv. The checkpoint appears at --out when training is done; until then the
      work lies in <out>.training, and a killed run continues with --resume.

      Example:
        ligature train --pairs chebi20.tsv --pairs captions.tsv --dev dev.tsv --pool pool.tsv \\
          --out models/m1
      """)

  @Option(name: .long, help: "A file of pairs; give it once for each file.")
  var pairs: [String]

  @Option(name: .long, help: "Pairs that choose the best epoch; never trained on.")
  var dev: String

  @Option(name: .long, help: "Molecules that dev texts are ranked against.")
  var pool: String

  @Option(name: .long, help: "Where the checkpoint goes.")
  var out: String

  @Option(name: .long, help: "A JSON file whose fields replace the default settings.")
  var config: String?

  @Option(
    name: .long,
    help: "A Markdown file for the model card: where the data came from, its licence, changes.")
  var dataNotes: String?

  @Option(name: .long, help: "Passes over the pairs, in place of the configured number.")
  var epochs: Int?

  @Option(name: .long, help: "Seed of every random choice, in place of the configured one.")
  var seed: UInt64?

  @Flag(name: .long, help: "Continue an interrupted run; do nothing if it is finished.")
  var resume = false

  @Flag(name: .long, help: "Stop at the first bad row instead of listing it in the rejects file.")
  var strict = false

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs: at least 1 expected") }
  }

  func run() throws {
    var settings =
      try config.map { try TrainingConfiguration(contentsOf: $0) } ?? TrainingConfiguration()
    if let epochs { settings.epochs = epochs }
    if let seed { settings.seed = seed }
    let run = TrainingRun(
      files: TrainingFiles(pairs: pairs, dev: dev, pool: pool), configuration: settings,
      destination: out, isStrict: strict,
      dataNotes: try dataNotes.map { try String(contentsOfFile: $0, encoding: .utf8) })
    let display = TrainingDisplay()
    let evaluation = try run.train(resume: resume, report: display.show)
    display.finish(evaluation, destination: out)
  }
}
