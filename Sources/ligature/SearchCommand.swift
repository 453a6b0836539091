import AlignAPI
import Alignment
import ArgumentParser
import Foundation
import Glibc
import HTTPAPI
import Molecule
import Retrieval

struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find molecules for a text, or texts for a molecule.",
    discussion: """
      Searches what 'ligature index' has stored and prints the best first. Filters leave no result
      out: as many are printed as there are, up to -k.

      --ranking embedding, the default, compares the model's vectors; fingerprint compares two
      molecules by Tanimoto similarity; words looks for shared words; fused joins all that fit.

      Examples:
        ligature search --model models/m1 "selective beta-1 blocker for hypertension" -k 5
        ligature search --model models/m1 --rerank models/m1-rerank "selective beta-1 blocker"
        ligature search --model models/m1 --smiles "CC(=O)Oc1ccccc1C(=O)O"
        ligature search --model models/m1 --smiles "CC(=O)Oc1ccccc1C(=O)O" --like --json
        ligature search --model models/m1 "kinase inhibitor" --where "molecular_weight<=450" \\
          --substructure "c1ccncc1" --group-by-scaffold
        ligature search --model models/m1 "antibiotic" --ranking fused --filter \\
          '{"or": [{"text_contains": "penicillin"}, {"descriptor": "rings", "min": 2}]}'
      """)

  @Argument(help: "What to look for, in words.")
  var text: String?

  @Option(name: .long, help: "Look for texts that fit this molecule.")
  var smiles: String?

  @Flag(name: .long, help: "With --smiles: look for similar molecules instead.")
  var like = false

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(
    name: .long,
    help: "A re-ranker of the model (ligature rerank train); it orders the best molecules anew.")
  var rerank: String?

  @Option(name: .customShort("k"), help: "How many results, 1 to 1000.")
  var count = SearchRequest.defaultCount

  @Option(name: .long, help: "Look in this corpus only.")
  var corpus: String?

  @Option(
    name: .long, help: "By what results are ranked: embedding, fingerprint, words or fused.",
    transform: { word in
      guard let ranking = SearchRanking(rawValue: word) else {
        let known = SearchRanking.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(word)' is none of: \(known)")
      }
      return ranking
    })
  var ranking = SearchRanking.embedding

  @OptionGroup var filters: SearchFilterOptions

  @Option(
    name: .long,
    help: "How much being unlike the results before counts against the score, 0 to 1.")
  var diversity: Float = 0

  @Flag(name: .long, help: "Print only the best molecule of each Murcko scaffold.")
  var groupByScaffold = false

  @Option(
    name: .long,
    help: """
      Go on behind a page: the cursor that it ended with. Pages reach down to the 10,000th result; \
      groups and diverse results have none.
      """)
  var cursor: String?

  @Option(
    name: .long,
    help: """
      How vectors are searched: exact, coded or graph (default: by number), or by the database \
      with pgvector (ligature db vectors).
      """,
    transform: IndexKind.named)
  var index: IndexKind?

  @Option(
    name: .long,
    help: """
      Where servers keep snapshots of the vectors (default: in .ligature). One of this model and \
      database is read, with its indexes, unless --index asks for others; it is never written.
      """)
  var snapshots: String?

  @Flag(
    name: .long,
    help: """
      Print one JSON array instead of a table; the kind of index and the cursor go to standard error.
      """)
  var json = false

  @OptionGroup var databaseOptions: DatabaseOptions

  func validate() throws {
    if (text == nil) == (smiles == nil) {
      throw ValidationError("either a text or --smiles is expected")
    }
    if like && smiles == nil { throw ValidationError("--like: --smiles is expected with it") }
    if !SearchRequest.counts.contains(count) {
      throw ValidationError("-k: 1 to \(SearchRequest.counts.upperBound) expected")
    }
  }

  func run() async throws {
    let request = try SearchRequest(
      try query(), target: like ? .molecules : nil, count: count, corpus: corpus,
      filter: try filters.combined(), ranking: ranking, diversity: diversity,
      groupsByScaffold: groupByScaffold, cursor: try cursor.map { try SearchCursor($0) })
    // First what fails fast.
    let database = try databaseOptions.readySettings()
    let checkpoint = try Checkpoint(contentsOf: model)
    // A snapshot holds indexes of the kind that its server was asked for.
    let keepsIndexes = index == nil || index == .pgvector
    let folder = snapshots ?? databaseOptions.homeFolder + "/snapshots"
    let engine = try SearchEngine(
      checkpoint: checkpoint,
      reranker: try rerank.map { try Reranker(contentsOf: $0, for: checkpoint) },
      database: database,
      modalities: [request.target == .molecules ? .molecule : .text], connections: 1,
      statementTimeout: .seconds(60), policy: IndexPolicy(kind: index),
      snapshot: keepsIndexes ? SearchEngine.snapshot(of: checkpoint, in: folder) : nil,
      writesSnapshot: false)
    let answer = try await engine.search(request)
    let results = answer.results
    if json {
      var writer = JSONWriter()
      writer.array { writer in
        for result in results { result.write(to: &writer) }
      }
      print(String(decoding: writer.bytes, as: UTF8.self))
    } else if results.isEmpty {
      let reason =
        engine.corpora.itemCount == 0 ? "nothing is indexed to search in" : "no item fits"
      FileHandle.standardError.write(Data((reason + "\n").utf8))
    } else {
      print(SearchTable(results: results, width: TerminalWidth.of(STDOUT_FILENO)).text)
    }
    // Behind the results, where both streams go to one terminal.
    fflush(nil)
    for note in Self.notes(answer) {
      FileHandle.standardError.write(Data((note + "\n").utf8))
    }
  }

  /// How the results were found where that is not exact, and how to go on.
  private static func notes(_ answer: SearchAnswer) -> [String] {
    var notes: [String] = []
    if let index = answer.index, index.kind != .exact {
      let recall = index.recall.map { String(format: ", recall@10 %.3f when it was built", $0) }
      notes.append("index: \(index.kind.rawValue)\(recall ?? "")")
    }
    if let cursor = answer.cursor { notes.append("more: --cursor \(cursor.text)") }
    return notes
  }

  private func query() throws -> SearchQuery {
    if let smiles { return try SearchQuery(markingMistakesIn: smiles) }
    return try SearchQuery(text: text ?? "")
  }
}

extension SearchQuery {
  /// A molecule; a bad SMILES is shown with a mark under the place of the mistake.
  init(markingMistakesIn smiles: String) throws {
    do throws(SearchError) {
      try self.init(smiles: smiles)
    } catch {
      guard case .badSMILES(let reason) = error else { throw error }
      throw MarkedTextError(text: smiles, offset: reason.offset, message: "\(reason)")
    }
  }
}

/// A mistake in a text that the user typed, pointed at.
struct MarkedTextError: Error, CustomStringConvertible {
  let text: String
  /// UTF-8 bytes from 0.
  let offset: Int
  let message: String
  /// What the text came from.
  var source = "--smiles"

  var description: String {
    let before = text.utf8.prefix(offset)
    let column = String(Substring(before)).count
    return "\(source): \(message)\n  \(text)\n  \(String(repeating: " ", count: column))^"
  }
}
