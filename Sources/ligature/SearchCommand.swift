import AlignAPI
import Alignment
import ArgumentParser
import Foundation
import Glibc
import Molecule

struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find molecules for a text, or texts for a molecule.",
    discussion: """
      Searches what 'ligature index' has stored, exactly, and prints the best first.

      Examples:
        ligature search --model models/m1 "selective beta-1 blocker for hypertension" -k 5
        ligature search --model models/m1 --rerank models/m1-rerank "selective beta-1 blocker"
        ligature search --model models/m1 --smiles "CC(=O)Oc1ccccc1C(=O)O"
        ligature search --model models/m1 --smiles "CC(=O)Oc1ccccc1C(=O)O" --like --json
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

  @Flag(name: .long, help: "Print one JSON array instead of a table.")
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
      try query(), target: like ? .molecules : nil, count: count, corpus: corpus)
    // First what fails fast.
    let database = try databaseOptions.readySettings()
    let checkpoint = try Checkpoint(contentsOf: model)
    let engine = try SearchEngine(
      checkpoint: checkpoint,
      reranker: try rerank.map { try Reranker(contentsOf: $0, for: checkpoint) },
      database: database,
      modalities: [request.target == .molecules ? .molecule : .text], connections: 1)
    let results = try await engine.search(request).results
    if json {
      var writer = JSONWriter()
      writer.array { writer in
        for result in results { result.write(to: &writer) }
      }
      print(String(decoding: writer.bytes, as: UTF8.self))
    } else if results.isEmpty {
      FileHandle.standardError.write(Data("nothing is indexed to search in\n".utf8))
    } else {
      print(SearchTable(results: results, width: TerminalWidth.of(STDOUT_FILENO)).text)
    }
  }

  /// A bad SMILES is shown with a mark under the place of the mistake.
  private func query() throws -> SearchQuery {
    guard let smiles else { return try SearchQuery(text: text ?? "") }
    do throws(SearchError) {
      return try SearchQuery(smiles: smiles)
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
