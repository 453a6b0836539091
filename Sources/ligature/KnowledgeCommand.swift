import ArgumentParser
import Foundation
import Knowledge
import Records

struct KnowledgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kg",
    abstract: "Import a knowledge graph, look terms up, link texts to them.",
    discussion: """
      A graph has terms (id, name, definition, synonyms, perhaps a structure) and relations between
      them, as ChEBI has. It is read once, then kept as one checked file in a folder.

      Examples:
        ligature kg import --terms terms.tsv --edges edges.tsv --out graphs/chebi
        ligature kg show graphs/chebi atenolol
        ligature kg link graphs/chebi "a selective beta-1 blocker such as atenolol"
      """,
    subcommands: [
      KnowledgeImportCommand.self, KnowledgeShowCommand.self, KnowledgeLinkCommand.self,
    ])
}

struct KnowledgeImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read terms and relations and keep them as a graph.",
    discussion: """
      Tables are UTF-8 TSV with a header, plain or gzip: terms have id and name, and may have
      definition and synonyms (separated by bars); edges have subject, predicate and object;
      structures have id and smiles. OBO files (format 1.4) hold all of that. Each option may be
      given once for each file; edges may name terms of any file. Files are read twice, so pipes
      will not do.

      A bad row (columns missing, an id twice, an unknown term) is listed in the rejects file with
      its line and the reason, and left out. Obsolete terms are left out. The graph at --out is
      replaced in one step when everything was read.

      Examples:
        ligature kg import --terms terms.tsv --edges edges.tsv --structures structures.tsv \\
          --out graphs/chebi
        ligature kg import --obo chebi_lite.obo.gz --out graphs/chebi

      Exit codes: 0 done, 1 a file cannot be read, holds no term, or with --strict a row is bad,
      64 the command line is wrong.
      """)

  @Option(name: .long, help: "A table of terms.")
  var terms: [String] = []

  @Option(name: .long, help: "A table of edges.")
  var edges: [String] = []

  @Option(name: .long, help: "A table of structures.")
  var structures: [String] = []

  @Option(name: .long, help: "A file in the OBO format, in place of tables.")
  var obo: [String] = []

  @Option(name: .long, help: "The graph's folder.")
  var out: String

  @Option(name: .long, help: "Where bad rows are listed (default: <out>.rejects.tsv).")
  var rejects: String?

  @Flag(name: .long, help: "Stop at the first bad row; the graph stays as it was.")
  var strict = false

  func validate() throws {
    if obo.isEmpty == terms.isEmpty { throw ValidationError("either --terms or --obo is expected") }
    if !obo.isEmpty && !(edges.isEmpty && structures.isEmpty) {
      throw ValidationError("--edges and --structures go with --terms")
    }
    if out.isEmpty { throw ValidationError("--out: a folder expected") }
  }

  func run() throws {
    let files: KnowledgeFiles =
      obo.isEmpty ? .tables(terms: terms, edges: edges, structures: structures) : .obo(obo)
    let progress = ProgressDisplay()
    let start = ContinuousClock.now
    let path = rejects ?? out + ".rejects.tsv"
    for file in files.paths { try RejectsFile.trim(path, source: file, behind: 0) }
    let list = RejectsFile(path: path)
    let (graph, report) = try KnowledgeImport.read(
      files, isStrict: strict, reject: list.append,
      progress: { now in
        progress.update(
          share: now.share, label: "reading", detail: "\(now.terms) terms  \(now.edges) edges")
      })
    let checksum = try graph.write(toFolder: out)
    if report.rejected > 0 {
      let rows = report.rejected == 1 ? "row" : "rows"
      progress.line("\(report.rejected) bad \(rows) left out, listed in \(path)")
    }
    KnowledgeSummary.print(
      summary(graph, report) + [
        ("graph", "\(out)/\(KnowledgeGraph.fileName)"), ("SHA-256", "\(checksum)"),
        ("seconds", String(format: "%.1f", (.now - start) / .seconds(1))),
      ])
  }

  private func summary(
    _ graph: KnowledgeGraph, _ report: KnowledgeImportReport
  ) -> [(String, String)] {
    var counts = [Int](repeating: 0, count: graph.relations.count)
    for edge in graph.edges { counts[Int(edge.relation)] += 1 }
    let order = graph.relations.indices.sorted { counts[$0] > counts[$1] }
    func count(_ isCounted: (KnowledgeTerm) -> Bool) -> String {
      String(graph.terms.count(where: isCounted))
    }
    var rows: [(String, String)] = [
      ("terms", String(graph.terms.count)),
      ("  with a definition", count { !$0.definition.isEmpty }),
      ("  with synonyms", count { !$0.synonyms.isEmpty }),
      ("  with a structure", count { $0.structure != nil }),
      ("edges", String(graph.edges.count)),
    ]
    for relation in order {
      rows.append(("  " + graph.relations[relation], String(counts[relation])))
    }
    rows += [
      ("repeated edges", String(report.repeatedEdges)), ("obsolete", String(report.obsolete)),
      ("rejected", String(report.rejected)),
    ]
    return rows
  }
}

/// Two columns, the first as wide as its longest entry.
enum KnowledgeSummary {
  static func print(_ rows: [(String, String)]) {
    let width = rows.map(\.0.count).max() ?? 0
    for (name, value) in rows {
      Swift.print(name + String(repeating: " ", count: width - name.count) + "  " + value)
    }
  }
}
