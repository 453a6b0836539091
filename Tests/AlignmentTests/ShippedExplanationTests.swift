import Alignment
import Foundation
import Molecule
import Testing

/// What the shipped model holds of a molecule has to be told by the right atoms and words.
@Suite struct ShippedExplanationTests {
  private static let model = Result {
    try Checkpoint(
      contentsOf: SmallRun.corpus.deletingLastPathComponent()
        .appendingPathComponent("models/ligature-chebi").path
    ).model
  }

  /// A group that is all by which two molecules differ, and a text that asks for it.
  struct Difference: Sendable {
    let text: String
    let word: String
    let with: String
    let without: String
    /// The group's atoms in `with`.
    let atoms: [Int]
  }

  static let differences = [
    Difference(
      text: "a sulfonamide", word: "sulfonamide", with: "NS(=O)(=O)c1ccc(C)cc1",
      without: "c1ccc(C)cc1", atoms: [0, 1, 2, 3]),
    Difference(
      text: "an acetate ester", word: "acetate", with: "CC(=O)Oc1ccc(CC)cc1",
      without: "Oc1ccc(CC)cc1", atoms: [0, 1, 2, 3]),
    Difference(
      text: "a nitrile", word: "nitrile", with: "N#CCCCCC", without: "CCCCCC", atoms: [0, 1]),
    Difference(
      text: "an organofluorine compound with a trifluoromethyl group", word: "trifluoromethyl",
      with: "FC(F)(F)c1ccccc1C", without: "c1ccccc1C", atoms: [0, 1, 2, 3]),
    Difference(
      text: "a boronic acid", word: "boronic", with: "OB(O)c1ccccc1", without: "c1ccccc1",
      atoms: [0, 1, 2]),
  ]

  @Test(arguments: differences, Explanation.Method.allCases)
  func theGroupThatTellsMoleculesApartCarriesTheScore(
    _ difference: Difference, _ method: Explanation.Method
  ) throws {
    let model = try Self.model.get()
    func explain(_ smiles: String) throws -> Explanation {
      try model.explain(
        .molecule(ExplainedMolecule(try SMILESReader.read(smiles))),
        for: .text(ExplainedText(difference.text)), by: method)
    }
    let (with, without) = (try explain(difference.with), try explain(difference.without))
    #expect(with.score > without.score + 0.05)
    let group = difference.atoms.map { with.target[$0] }
    let rest = with.target.indices.filter { !difference.atoms.contains($0) }.map { with.target[$0] }
    #expect(group.reduce(0, +) > 0)
    // By atom, the group weighs more than what both have.
    let mean = group.reduce(0, +) / Float(group.count)
    #expect(mean > rest.reduce(0, +) / Float(rest.count))
    let words = ExplainedText(difference.text)
    let word = try #require(words.words.firstIndex { words[$0] == difference.word })
    #expect(with.query[word] == with.query.max())
  }
}
