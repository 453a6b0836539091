import Alignment
import ArgumentParser

/// What a model or a re-ranker is trained on.
struct TrainingFileOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A file of pairs and the domain of its texts; give it once for each file.",
      valueName: "[domain=]file"), transform: PairsFile.init(argument:))
  var pairs: [PairsFile]

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Pairs that choose the best epoch; never trained on.", valueName: "[domain=]file"),
    transform: PairsFile.init(argument:))
  var dev: PairsFile

  @Option(name: .long, help: "Molecules that dev texts are ranked against.")
  var pool: String

  @Option(
    name: .long,
    help:
      "A knowledge graph's folder (ligature kg import); its terms with structures join the pairs.")
  var knowledge: String?

  /// The files that the options name.
  var files: TrainingFiles {
    TrainingFiles(pairs: pairs, dev: dev, pool: pool, knowledge: knowledge)
  }
}
