import Molecule
import Testing

@testable import AlignAPI

struct SubstructureMatchesTests {
  /// A table with one molecule, whose screen rules nothing out.
  private func table(_ smiles: String) -> ItemTable {
    var editor = ItemTableEditor()
    editor.put(
      StoredItem(
        id: 7, corpus: 1, smiles: smiles, hasText: false, updatedAt: 0, descriptors: nil,
        fingerprint: nil, screen: nil))
    return editor.table
  }

  /// The machine's load must not decide what passes a filter.
  @Test func noAnswerDependsOnTime() {
    #expect(SubstructureMatches.limits.time == nil)
    #expect(SubstructureMatches.limits.steps == 2_000_000)
  }

  @Test func answersAreRemembered() throws {
    let matches = SubstructureMatches()
    let query = SubstructureQuery(try SMARTSPattern(parsing: "c1ccccc1"))
    for (smiles, isMatch) in [("Cc1ccccc1", true), ("CCO", false)] {
      let table = table(smiles)
      #expect(matches.bounds(of: query, in: table).certain.isEmpty)
      #expect(matches.bounds(of: query, in: table).possible.contains(7))
      matches.decide(query, table.smiles(of: table.all), in: table)
      let (certain, possible) = matches.bounds(of: query, in: table)
      #expect(certain.contains(7) == isMatch && possible.contains(7) == isMatch)
    }
  }

  /// The same id may be another molecule after a restore.
  @Test func anotherGenerationIsDecidedAnew() throws {
    let matches = SubstructureMatches()
    let query = SubstructureQuery(try SMARTSPattern(parsing: "c1ccccc1"))
    let (old, new) = (table("Cc1ccccc1"), table("CCO"))
    matches.decide(query, old.smiles(of: old.all), in: old)
    #expect(matches.bounds(of: query, in: new).certain.isEmpty)
    matches.decide(query, new.smiles(of: new.all), in: new)
    #expect(matches.bounds(of: query, in: old).certain.contains(7))
    #expect(!matches.bounds(of: query, in: new).possible.contains(7))
  }
}
