import Molecule
import Testing

/// The screen lets every match through, and not much else.
struct SubstructureScreenTests {
  private static func screen(smarts: String) throws -> BitFingerprint {
    SubstructureScreen.bits(of: try SMARTSPattern(parsing: smarts))
  }

  private static func screen(_ smiles: String) throws -> BitFingerprint {
    SubstructureScreen.bits(of: try SMILESReader.read(smiles))
  }

  @Test func noMatchIsRuledOut() throws {
    let rows = try Golden("patterns").rows
    let patterns = try rows[0].dropFirst().map { try SMARTSPattern(parsing: $0) }
    let screens = patterns.map { SubstructureScreen.bits(of: $0) }
    var passed = 0
    var matched = 0
    for row in rows.dropFirst() {
      let molecule = try Self.screen(row[0])
      for (place, count) in row.dropFirst().enumerated() {
        let isCovered = SubstructureScreen.covers(molecule, screens[place])
        passed += isCovered ? 1 : 0
        if Int(count) ?? 0 > 0 {
          matched += 1
          #expect(isCovered, "\(patterns[place].smarts) in \(row[0])")
        }
      }
    }
    #expect(matched > 100 && passed >= matched)
  }

  @Test func moleculeCoversItselfAsPattern() throws {
    for smiles in ["CC(=O)Oc1ccccc1C(=O)O", "C1CC1N", "c1ccc2[nH]ccc2c1", "[Na+].[Cl-]", "C"] {
      #expect(
        SubstructureScreen.covers(try Self.screen(smiles), try Self.screen(smarts: smiles)),
        "\(smiles)")
    }
  }

  @Test func absentElementsAndPathsAreRuledOut() throws {
    let aspirin = try Self.screen("CC(=O)Oc1ccccc1C(=O)O")
    for smarts in ["N", "S(=O)(=O)N", "c1ccncc1", "FC(F)F", "P"] {
      #expect(!SubstructureScreen.covers(aspirin, try Self.screen(smarts: smarts)), "\(smarts)")
    }
  }

  @Test func openAtomsAskForNothing() throws {
    for smarts in ["*", "[!#6]", "[N,O]~[C,S]", "[$(NC=O)]", "[#6,#7]"] {
      #expect(try Self.screen(smarts: smarts).population == 0, "\(smarts)")
    }
    // Both alternatives are carbon, whatever else they say.
    #expect(try Self.screen(smarts: "[CH3,cH]") == Self.screen(smarts: "[#6]"))
  }

  @Test func moleculeOfAHugeHubGetsEveryBit() throws {
    let arm = "([U]" + String(repeating: "(C)", count: 70) + ")"
    let hub = try Self.screen("[U]" + String(repeating: arm, count: 70))
    #expect(hub.population == SubstructureScreen.size)
  }

  /// The bits lie in databases: this line fails when they change.
  @Test func bitsAreThoseOfVersionOne() throws {
    let bits = [38, 39, 77, 91, 144, 237, 277, 312, 319, 323, 329, 370, 434]
    #expect(try Self.screen("CCO").setBits == bits)
  }
}
