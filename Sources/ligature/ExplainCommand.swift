import AlignAPI
import Alignment
import ArgumentParser
import Depiction
import HTTPAPI
import Molecule

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell which words of a text and which atoms of a molecule carried their score.",
    discussion: """
      The score is that of a search for the text that finds the molecule; with --for-molecule, of a
      search for the molecule that finds the text. With integrated_gradients, the default, the
      weights of all words and atoms and the baseline add up to the score. With leave_one_out a
      weight is how much lower the score is without the word or atom.

      The picture colours atoms blue that speak for the score and orange those that speak against it.

      Examples:
        ligature explain --model models/m1 "inhibits cyclooxygenase" \\
          --smiles "CC(=O)Oc1ccccc1C(=O)O" --picture aspirin.svg
        ligature explain --model models/m1 "opioid antagonist" --item 171 --json
      """)

  @Argument(help: "The text.")
  var text: String?

  @Option(name: .long, help: "The molecule.")
  var smiles: String?

  @Option(name: .long, help: "An indexed item by its number, instead of the molecule or the text.")
  var item: Int64?

  @Flag(name: .long, help: "Explain the text as an answer to the molecule.")
  var forMolecule = false

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(
    name: .long, help: "integrated_gradients or leave_one_out.",
    transform: { word in
      guard let method = Explanation.Method(rawValue: word) else {
        let known = Explanation.Method.allCases.map(\.rawValue).joined(separator: " or ")
        throw ValidationError("\(known) expected, found '\(word)'")
      }
      return method
    })
  var method: Explanation.Method?

  @Option(name: .long, help: "Draw the molecule into this file, in .svg or .png.")
  var picture: String?

  @Option(name: .long, help: "How many of the heaviest atoms and words are printed.")
  var first = 12

  @Flag(name: .long, help: "Print one JSON object instead of tables.")
  var json = false

  @OptionGroup var databaseOptions: DatabaseOptions

  func validate() throws {
    let stated = (text == nil ? 0 : 1) + (smiles == nil ? 0 : 1) + (item == nil ? 0 : 1)
    if stated != 2 {
      throw ValidationError("two of a text, --smiles and --item are expected")
    }
    if forMolecule && item != nil {
      throw ValidationError("--for-molecule: expected with a text and --smiles; items are answers")
    }
    if let picture, !picture.hasSuffix(".svg"), !picture.hasSuffix(".png") {
      throw ValidationError("--picture: a name in .svg or .png expected, found \(picture)")
    }
    if first < 1 { throw ValidationError("--first: 1 or more expected") }
  }

  func run() async throws {
    let (query, target) = try sides()
    let checkpoint = try Checkpoint(contentsOf: model)
    let report = try ScoreReport(target, for: query, by: method, model: checkpoint.model)
    if json {
      var writer = JSONWriter()
      writer.object { report.writeMembers(to: &$0) }
      print(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      print(ExplanationTable(report: report, first: first).text)
    }
    if let picture { try draw(report, into: picture) }
  }

  private func sides() throws -> (query: SearchQuery, target: SearchQuery) {
    let text = try text.map { try SearchQuery(text: $0) }
    let molecule = try smiles.map { try SearchQuery(markingMistakesIn: $0) }
    guard let item else {
      guard let text, let molecule else {
        preconditionFailure("validate() lets no other case through")
      }
      return forMolecule ? (molecule, text) : (text, molecule)
    }
    guard let query = text ?? molecule else {
      preconditionFailure("validate() lets no other case through")
    }
    let found = try StoredSides.read(item, from: databaseOptions.readySettings())
    guard let target = try found?.side(for: query) else { throw UnknownItem(id: item) }
    return (query, target)
  }

  private func draw(_ report: ScoreReport, into path: String) throws {
    guard let depiction = try report.depiction() else { throw NothingToDraw() }
    let document = depiction.svg()
    let file = try ReplacedFile(path: path)
    try file.write(path.hasSuffix(".png") ? document.png() : Array(document.text.utf8))
    try file.finish()
  }
}

/// An item that is not there.
private struct UnknownItem: Error, CustomStringConvertible {
  let id: Int64
  var description: String { "--item: there is no item \(id)" }
}

/// A picture of two texts.
private struct NothingToDraw: Error, CustomStringConvertible {
  var description: String { "--picture: found no molecule, expected one to draw" }
}
