import ArgumentParser

/// Measures search; Benchmarks/retrieval.py says how to run it.
@main
struct RetrievalBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieval-benchmark", abstract: "Measures search over many vectors.",
    subcommands: [EmbedCommand.self, SearchCommand.self])
}
