import ArgumentParser

@main
struct Ligature: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ligature",
    abstract: "Aligns molecules with clinical and chemical text, and searches both.",
    discussion: """
      A first session:
        ligature train --pairs pairs.tsv --dev dev.tsv --pool pool.tsv --out models/m1
        ligature db start
        ligature index --model models/m1 --corpus pool.tsv --name chebi
        ligature search --model models/m1 "selective beta-1 blocker for hypertension"

      Exit codes: 0 done, 1 the work failed, 64 the command line is wrong, 130 or 143 stopped by
      SIGINT or SIGTERM before the end; db status: 3 no database runs; db check: 2 problems found.
      """,
    version: "0.1.0",
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, RerankCommand.self, DatabaseCommand.self,
      ModelsCommand.self, CorporaCommand.self, IndexCommand.self, ServeCommand.self,
      KeysCommand.self, AuditCommand.self, SearchCommand.self, ExplainCommand.self,
      MoleculeCommand.self, KnowledgeCommand.self,
    ])
}
