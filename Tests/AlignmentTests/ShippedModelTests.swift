import Alignment
import Foundation
import Molecule
import Tensor
import Testing

/// The model in data/models/ligature-chebi, as a fresh clone has it.
///
/// It was trained on the shipped corpus among others: finding its molecules shows that the model is
/// whole, not how good it is.
@Suite struct ShippedModelTests {
  private static let folder = SmallRun.corpus.deletingLastPathComponent()
    .appendingPathComponent("models/ligature-chebi").path

  @Test func filesTakeAtMost25Megabytes() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    let bytes = try names.reduce(0) {
      $0 + (try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/" + $1)).count)
    }
    #expect(bytes <= 25_000_000)
    #expect(names.contains("README.md"))
  }

  @Test func cardTellsLicenceAndLimits() throws {
    let card = try String(contentsOfFile: Self.folder + "/README.md", encoding: .utf8)
    for words in ["CC BY 4.0", "ChEBI", "## Intended use", "## Limits", "## Not to be used for"] {
      #expect(card.contains(words))
    }
  }

  @Test func queriesFindTheirMoleculesInTheCorpus() throws {
    // Loading checks the SHA-256 of every file.
    let model = try Checkpoint(contentsOf: Self.folder).model
    let rows = try Self.table(SmallRun.corpus.path)
    let molecules = try rows.map { try SMILESReader.read($0[2]) }
    let stored = model.encodeStored(molecules)
    let queries = try Self.table(
      SmallRun.corpus.deletingLastPathComponent().appendingPathComponent("queries.tsv").path)
    let vectors = model.queries(
      model.encode(queries.map { $0[0] }),
      isAcross: [Bool](repeating: true, count: queries.count))
    var missed: [String] = []
    for (query, row) in zip(queries, 0..<vectors.rows) {
      let scores = (0..<stored.rows).map { item in
        zip(vectors.row(row), stored.row(item)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      }
      let best = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(10).map { rows[$0][0] }
      let expected = Set(query[1].split(separator: ",").map(String.init))
      if expected.isDisjoint(with: best) { missed.append(query[0]) }
    }
    // A query of words that the model does not know finds nothing; the card says so.
    #expect(missed.count * 10 <= queries.count, "\(missed)")
  }

  /// The cells of a TSV file without its header.
  private static func table(_ path: String) throws -> [[String]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }
}
