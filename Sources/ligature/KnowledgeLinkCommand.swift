import ArgumentParser
import Foundation
import Knowledge
import Records

struct KnowledgeLinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Find the terms that a text mentions.",
    discussion: """
      Prints one line for each mention: its bytes from-to in the text (UTF-8, the end not
      included), the words there, the term's id and name, separated by tabs. The longest name wins.

      With --corpus, links every text of a file (id and text) and prints the totals and the rate.

      Examples:
        ligature kg link graphs/chebi "It is a conjugate base of an α-amino acid."
        ligature kg link graphs/chebi --corpus dev.tsv

      Exit codes: 0 done, also when nothing is mentioned; 1 the graph or the file cannot be read;
      64 the command line is wrong.
      """)

  @Argument(help: "The graph's folder.")
  var folder: String

  @Argument(help: "The text.")
  var text: String?

  @Option(name: .long, help: "A file with the columns id and text.")
  var corpus: String?

  func validate() throws {
    if (text == nil) == (corpus == nil) {
      throw ValidationError("either a text or --corpus is expected")
    }
  }

  func run() throws {
    let graph = try KnowledgeGraph.read(fromFolder: folder).graph
    let linker = MentionLinker(graph)
    if let text { printMentions(text, linker, graph) }
    if let corpus { try printTotals(corpus, linker) }
  }

  private func printMentions(_ text: String, _ linker: MentionLinker, _ graph: KnowledgeGraph) {
    let bytes = Array(text.utf8)
    for mention in linker.mentions(in: text) {
      let term = graph.terms[mention.term]
      let words = String(decoding: bytes[mention.range], as: UTF8.self)
        .replacing(/[\t\r\n]/, with: " ")
      print(
        "\(mention.range.lowerBound)-\(mention.range.upperBound)\t\(words)\t\(term.id)\t"
          + term.name)
    }
  }

  private func printTotals(_ path: String, _ linker: MentionLinker) throws {
    let reader = try RecordReader(path: path, options: .init(required: .text))
    var texts: [String] = []
    var rejected = 0
    while let outcome = try reader.next() {
      guard case .record(let record) = outcome, let text = record.text else {
        rejected += 1
        continue
      }
      texts.append(text)
    }
    let start = ContinuousClock.now
    let mentions = texts.map { linker.mentions(in: $0) }
    let seconds = (.now - start) / .seconds(1)
    let count = Double(max(1, texts.count))
    let distinct = mentions.reduce(0) { $0 + Set($1.map(\.term)).count }
    let linked = mentions.count { !$0.isEmpty }
    KnowledgeSummary.print([
      ("texts", String(texts.count)),
      ("bad rows", String(rejected)),
      ("names known", String(linker.nameCount)),
      (
        "texts with a mention",
        "\(linked) (\(String(format: "%.1f", 100 * Double(linked) / count)) %)"
      ),
      (
        "mentions a text",
        String(format: "%.2f", Double(mentions.reduce(0) { $0 + $1.count }) / count)
      ),
      ("terms a text", String(format: "%.2f", Double(distinct) / count)),
      ("texts/s, one core", String(format: "%.0f", count / max(seconds, 1e-6))),
    ])
  }
}
