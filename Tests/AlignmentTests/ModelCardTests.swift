import Alignment
import Foundation
import Testing

@Suite struct ModelCardTests {
  private func card(notes: String?) throws -> String {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let run = TrainingRun(
      files: TrainingFiles(
        pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: small.dev),
        pool: small.pairs),
      configuration: small.configuration, destination: small.destination, dataNotes: notes)
    _ = try run.train(resume: false) { _ in }
    return try String(contentsOfFile: small.destination + "/README.md", encoding: .utf8)
  }

  @Test func cardTellsDataFiguresUseAndLimits() throws {
    let card = try card(notes: "\nFrom **somewhere**, CC0.\n")
    let headings = card.split(separator: "\n").filter { $0.hasPrefix("#") }
    #expect(
      headings == [
        "# model", "## Quality on the dev pairs", "## Data", "## Intended use", "## Limits",
        "## Not to be used for",
      ])
    #expect(card.contains("Trained on 48 pairs"))
    #expect(card.contains("\n\nFrom **somewhere**, CC0.\n\n## Intended use"))
    #expect(card.contains("- pairs: `pairs.tsv` (SHA-256 `"))
    #expect(card.contains(/\| text to molecule \| [01]\.\d{3} \|/))
    // Names of files only: where they lay is nobody's business.
    #expect(!card.contains(FileManager.default.temporaryDirectory.path))
  }

  @Test func cardWithoutNotesSaysSo() throws {
    #expect(try card(notes: nil).contains("not stated here"))
  }
}
