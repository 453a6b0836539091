import Alignment
import ArgumentParser
import Foundation
import Records

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Rank a whole pool for each text and measure where the right molecule stands.",
    discussion: """
      Exact ranks over every molecule of the pool, and over every text for the other direction;
      ties count against the model. Each pair's id must be in the pool.

      Examples:
        ligature evaluate --model models/m1 --pairs dev.tsv --pool pool.tsv --json
        ligature evaluate --model models/m1 --rerank models/m1-rerank --pairs dev.tsv \\
          --pool pool.tsv
      """)

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(
    name: .long,
    help: "A re-ranker of the model (ligature rerank train); it orders the best candidates anew.")
  var rerank: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Pairs: id and text; the id names the molecule in the pool.", valueName: "[domain=]file"),
    transform: PairsFile.init(argument:))
  var pairs: PairsFile

  @Option(name: .long, help: "Candidate molecules: id, smiles.")
  var pool: String

  @Option(name: .long, help: "Where bad rows are listed (default: <pairs>.rejects.tsv).")
  var rejects: String?

  @Flag(name: .long, help: "Stop at the first bad row instead of listing it.")
  var strict = false

  @Flag(name: .long, help: "Print one JSON object instead of a table.")
  var json = false

  func run() throws {
    let checkpoint = try Checkpoint(contentsOf: model)
    let reranker = try rerank.map { try Reranker(contentsOf: $0, for: checkpoint) }
    let progress = ProgressDisplay()
    let path = rejects ?? URL(fileURLWithPath: pairs.path).lastPathComponent + ".rejects.tsv"
    let rejects = RejectsFile(path: path)
    let evaluation = try Evaluation(
      of: checkpoint.model, reranker: reranker, pairs: pairs, pool: pool, isStrict: strict,
      reject: rejects.append,
      progress: { progress.update(share: $0, label: "evaluating", detail: "") })
    if rejects.count > 0 { progress.line("\(rejects.count) bad rows left out, listed in \(path)") }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(evaluation), as: UTF8.self))
    } else {
      print(table(evaluation))
    }
  }

  private func table(_ evaluation: Evaluation) -> String {
    func row(_ name: String, _ metrics: RankingMetrics) -> String {
      name.padding(toLength: 18, withPad: " ", startingAt: 0)
        + String(
          format: "%7.3f %7.3f %7.3f %8.3f %10.1f %12.1f", metrics.mrr, metrics.hitsAt1,
          metrics.hitsAt5, metrics.hitsAt10, metrics.meanRank, metrics.medianRank)
    }
    return """
      \(evaluation.queries) queries, \(evaluation.candidates) candidates
      direction              MRR  hits@1  hits@5  hits@10  mean rank  median rank
      \(row("text → molecule", evaluation.textToMolecule))
      \(row("molecule → text", evaluation.moleculeToText))
      """
  }
}
