import Depiction
import Foundation
import Molecule
import Testing

struct AtomWeightsTests {
  private func text(
    _ smiles: String, _ weights: [Double]?, theme: DepictionTheme = .light
  ) throws -> String {
    var depiction = try Depiction(of: SMILESReader.read(smiles))
    depiction.atomWeights = weights
    var style = DepictionStyle()
    style.theme = theme
    return depiction.svg(style).text
  }

  @Test func theSignChoosesTheColourAndTheSizeItsStrength() throws {
    let found = try text("CCO", [2, -2, 1]).matches(of: #/fill="(#[0-9a-f]{6})"><title>(.) (\d)/#)
      .map { ("\($0.2)\($0.3)", String($0.1)) }
    let colours = Dictionary(uniqueKeysWithValues: found)
    #expect(colours["C0"] == "#4393c3" && colours["C1"] == "#e08214")
    // Half of the way from white.
    #expect(colours["O2"] == "#a1c9e1")
    // The strongest are drawn last.
    #expect(found.map(\.0) == ["O2", "C0", "C1"])
  }

  @Test func darkPicturesHaveTheirOwnColours() throws {
    let found = try text("CC", [1, -1], theme: .dark)
    #expect(found.contains("#2166ac") && found.contains("#b35806"))
  }

  @Test func withoutWeightsNothingChanges() throws {
    let plain = try text("CCO", nil)
    #expect(try text("CCO", [0, 0, 0]) == plain)
    #expect(!plain.contains("circle"))
  }

  @Test func discsLieInsideThePicture() throws {
    let graph = try SMILESReader.read("CC")
    var depiction = try Depiction(of: graph)
    let plain = depiction.svg()
    depiction.atomWeights = [1, -1]
    let weighed = depiction.svg()
    #expect(weighed.width > plain.width && weighed.height > plain.height)
  }

  @Test func aLargestSideBoundsThePicture() throws {
    let graph = try SMILESReader.read(String(repeating: "C", count: 200))
    var style = DepictionStyle()
    style.largestSide = 300
    let document = try Depiction(of: graph).svg(style)
    #expect(document.width <= 300 && document.height <= 300)
  }
}
