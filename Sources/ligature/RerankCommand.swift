import Alignment
import ArgumentParser
import Foundation
import Tensor

struct RerankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerank",
    abstract: "Train a second stage that orders the best candidates anew.",
    subcommands: [RerankTrainCommand.self])
}

struct RerankTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a re-ranker for a model, on the files that the model was trained on.",
    discussion: """
      A re-ranker reads a text and a molecule together and orders the model's best candidates of a
      text anew. It belongs to that model and is used with --rerank by evaluate, search and serve.
      Dev pairs choose the epoch. A killed run is started again by the same command; the candidates
      that it had found are kept in <out>.training. Bad rows are listed in <out>.rejects.tsv.

      Example:
        ligature rerank train --model models/m1 --pairs chemistry=chebi20.tsv \\
          --pairs nomenclature=names.tsv --dev dev.tsv --pool pool.tsv \\
          --knowledge graphs/chebi --out models/m1-rerank
        ligature evaluate --model models/m1 --rerank models/m1-rerank --pairs dev.tsv \\
          --pool pool.tsv
      """)

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @OptionGroup var data: TrainingFileOptions

  @Option(name: .long, help: "Where the re-ranker goes.")
  var out: String

  @Option(name: .long, help: "A JSON file whose fields replace the default settings.")
  var config: String?

  @Option(name: .long, help: "Seed of every random choice, in place of the configured one.")
  var seed: UInt64?

  @Flag(name: .long, help: "Stop at the first bad row instead of listing it in the rejects file.")
  var strict = false

  func run() throws {
    FreedMemory.keep()
    var settings =
      try config.map { try RerankConfiguration(contentsOf: $0) }
      ?? RerankConfiguration()
    if let seed { settings.seed = seed }
    let run = RerankRun(
      model: model, files: data.files,
      configuration: settings, destination: out, isStrict: strict)
    let progress = ProgressDisplay()
    let start = ContinuousClock.now
    let outcome = try run.train { show($0, progress) }
    progress.line(
      "\(out): dev MRR \(Self.words(outcome.with)), without it \(Self.words(outcome.without)), in "
        + formatted(seconds: (.now - start) / .seconds(1)))
    if !outcome.pays { progress.line("it does not pay: leave --rerank off") }
  }

  private func show(_ event: RerankEvent, _ progress: ProgressDisplay) {
    switch event {
    case .stage(let stage, let share):
      progress.update(share: share, label: stage.rawValue, detail: "")
    case .stageFinished(let stage, let seconds):
      progress.line("\(stage.rawValue) done in \(formatted(seconds: seconds))")
    case .dataRead(let pairs, let dev, let pool, let rejected, let file):
      progress.line("\(pairs) pairs, \(dev) dev pairs, \(pool) molecules in the pool")
      if let file { progress.line("\(rejected) bad rows left out, listed in \(file)") }
    case .candidates(let pairs, let all, let ranks):
      progress.line(
        "\(pairs) of \(all) pairs are among their candidates: MRR \(Self.words(ranks))")
    case .epoch(let epoch):
      progress.line(
        String(
          format: "epoch %d  loss %.3f (first stage %.3f)  scale %.1f  dev MRR ", epoch.epoch,
          epoch.loss, epoch.lossWithout, epoch.scale)
          + Self.words(epoch.dev) + ", in " + formatted(seconds: epoch.seconds))
    }
  }

  private static func words(_ metrics: RankingMetrics) -> String {
    String(
      format: "%.3f (hits@1 %.3f, hits@10 %.3f)", metrics.mrr, metrics.hitsAt1, metrics.hitsAt10)
  }
}
