import Alignment
import ArgumentParser
import Foundation
import Tensor

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on pairs of molecules and texts.",
    discussion: """
      Files are UTF-8 TSV with a header: pairs have id, smiles and text, the pool id and smiles, dev
      id and text; CSV, NDJSON and gzip are read as well. Dev pairs choose the best epoch; each
      dev id must be in the pool. Bad rows are listed in <out>.rejects.tsv. The checkpoint appears at --out when training is done; until then the
      work lies in <out>.training, and a killed run continues with --resume.

      A file's texts belong to a domain: \(PairsFile.domainNames.joined(separator: ", ")).

      With --from, --freeze backbone and --adapter, only the adapters of one domain of a finished
      model are trained; texts of all other domains keep their vectors to the bit.

      Examples:
        ligature train --pairs chemistry=chebi20.tsv --pairs nomenclature=names.tsv --dev dev.tsv \\
          --pool pool.tsv --knowledge graphs/chebi --out models/m1
        ligature train --from models/m1 --freeze backbone --adapter clinical \\
          --pairs clinical=notes.tsv --dev clinical=notes-dev.tsv --pool pool.tsv --out models/m2
      """)

  @OptionGroup var data: TrainingFileOptions

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

  @Option(name: .long, help: "A model whose fitted views are used in place of new ones.")
  var views: String?

  @Option(name: .long, help: "A model whose similarities are distilled; may be given many times.")
  var teacher: [String] = []

  @Option(name: .long, help: "A model of which only one domain's adapters are trained.")
  var from: String?

  @Option(name: .long, help: "What stays as it is in the model of --from.")
  var freeze: FrozenPart?

  @Option(name: .long, help: "The domain whose adapters are trained.")
  var adapter: String?

  @Flag(name: .long, help: "Continue an interrupted run; do nothing if it is finished.")
  var resume = false

  @Flag(name: .long, help: "Stop at the first bad row instead of listing it in the rejects file.")
  var strict = false

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs: at least 1 expected") }
    if [from != nil, freeze != nil, adapter != nil].contains(true),
      from == nil || freeze == nil || adapter == nil
    {
      throw ValidationError("--from, --freeze and --adapter belong together")
    }
    if let adapter, !PairsFile.domainNames.contains(adapter) {
      throw ValidationError(
        "--adapter: \(adapter) found, one of \(PairsFile.domainNames.joined(separator: ", ")) expected"
      )
    }
  }

  func run() throws {
    FreedMemory.keep()
    let standard =
      try from.map { try Checkpoint(contentsOf: $0).model.configuration }
      ?? TrainingConfiguration()
    var settings =
      try config.map { try TrainingConfiguration(contentsOf: $0, over: standard) } ?? standard
    if let epochs { settings.epochs = epochs }
    if let seed { settings.seed = seed }
    var files = data.files
    files.teachers = teacher
    files.views = views
    if let from, let adapter {
      files.adaptation = TrainingFiles.Adaptation(base: from, domain: adapter)
    }
    let run = TrainingRun(
      files: files,
      configuration: settings,
      destination: out, isStrict: strict,
      dataNotes: try dataNotes.map { try String(contentsOfFile: $0, encoding: .utf8) })
    let display = TrainingDisplay()
    let evaluation = try run.train(resume: resume, report: display.show)
    display.finish(evaluation, destination: out)
  }
}

/// What stays as it is when a model is adapted.
enum FrozenPart: String, ExpressibleByArgument, CaseIterable {
  /// Everything but the adapters of the domain.
  case backbone
}
