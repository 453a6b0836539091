import Depiction
import Foundation
import FoundationXML
import Molecule
import Testing

/// What an SVG document holds, read by an XML parser.
private final class SVGContents: NSObject, XMLParserDelegate {
  private(set) var counts: [String: Int] = [:]
  private(set) var letters: [String] = []
  private(set) var title = ""
  private(set) var size: (width: String?, height: String?) = (nil, nil)
  private(set) var fills: Set<String> = []
  private var text = ""

  init(_ document: String) throws {
    super.init()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
    if name == "svg", size.width == nil { size = (attributes["width"], attributes["height"]) }
    if let fill = attributes["fill"] { fills.insert(fill) }
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" { letters.append(text) }
    if name == "title" { title = text }
  }
}

struct DepictionTests {
  private func contents(
    _ smiles: String, _ style: DepictionStyle = DepictionStyle(),
    change: (inout Depiction) -> Void = { _ in }
  ) throws -> SVGContents {
    var depiction = try Depiction(of: SMILESReader.read(smiles))
    change(&depiction)
    return try SVGContents(depiction.svg(style).text)
  }

  @Test(arguments: [
    ("CCO", ["O", "H"]), ("C", ["C", "H", "4"]), ("[13CH4]", ["C", "13", "H", "4"]),
    ("C[N+](C)(C)C", ["N", "+"]), ("[O-]C", ["O", "\u{2212}"]), ("[Fe+3]", ["Fe", "3+"]),
    ("[CH3]", ["C", "H", "3", "•"]), ("[cH:7]1[cH][cH][cH][cH][cH]1", ["C", "H", ":7"]),
    ("CC", []), ("c1cc[se]c1", ["Se"]), ("*C", ["*"]), ("C=C=C", ["C"]), ("[He]", ["He"]),
    ("O", ["O", "2", "H"]),
  ])
  func atomsHaveTheirLetters(_ smiles: String, _ letters: [String]) throws {
    let found = try contents(smiles).letters
    #expect(found.sorted() == letters.sorted())
  }

  @Test(arguments: [
    ("CC", 1), ("C=C", 2), ("C#C", 3), ("[Cr]$[Cr]", 4), ("c1ccccc1", 9), ("C1CCCCC1", 6),
    ("C=C=C", 4), ("CC(=O)O", 4),
  ])
  func bondsHaveTheirStrokes(_ smiles: String, _ strokes: Int) throws {
    #expect(try contents(smiles).counts["path"] == strokes)
  }

  @Test func stereocentresHaveWedges() throws {
    for smiles in ["C[C@H](O)F", "C[C@@H](O)F"] {
      let graph = try SMILESReader.read(smiles)
      let depiction = try Depiction(of: graph)
      #expect(graph.wedges(at: depiction.positions).count == 1)
    }
    let (left, right) = (
      try Depiction(of: SMILESReader.read("C[C@H](O)F")),
      try Depiction(of: SMILESReader.read("C[C@@H](O)F"))
    )
    #expect(left.positions == right.positions)
    #expect(
      left.graph.wedges(at: left.positions).map(\.isSolid)
        != right.graph.wedges(at: right.positions).map(\.isSolid))
    #expect(try contents("CC(O)F").counts["path"] == 3)
  }

  @Test func dativeBondsHaveArrows() throws {
    // A shaft and a head for each of two, and two plain bonds.
    #expect(try contents("[NH3]->[Pt](<-[NH3])(Cl)Cl").counts["path"] == 6)
  }

  @Test func highlightedAtomsAndBondsAreCoveredOnce() throws {
    let found = try contents("CCO") { $0.highlightedAtoms = [1, 2] }
    #expect(found.counts["circle"] == 2)
    #expect(found.counts["path"] == 3)
    let chosen = try contents("CCO") {
      $0.highlightedAtoms = [0, 1, 2]
      $0.highlightedBonds = []
    }
    #expect(chosen.counts["circle"] == 3)
    #expect(chosen.counts["path"] == 2)
  }

  @Test func annotationsStandBesideTheirAtoms() throws {
    let found = try contents("C[C@H](O)F") { $0.annotations = [1: "<R>"] }
    #expect(found.letters.contains("<R>"))
  }

  @Test func themesDifferInColourOnly() throws {
    var dark = DepictionStyle()
    dark.theme = .dark
    let (light, night) = (try contents("CCO"), try contents("CCO", dark))
    #expect(light.counts == night.counts)
    #expect(light.fills.contains("#ffffff"))
    #expect(light.fills.isDisjoint(with: night.fills.subtracting(["none"])))
  }

  @Test func sizeIsKept() throws {
    var style = DepictionStyle()
    style.size = (400, 300)
    let found = try contents("CC(=O)Oc1ccccc1C(=O)O", style)
    #expect(found.size.width == "400")
    #expect(found.size.height == "300")
  }

  @Test func titleNamesTheMolecule() throws {
    #expect(try contents("OCC").title == "C2H6O CCO")
    #expect(try contents("[NH3]->[Pt]").title.contains("->"))
  }

  @Test func drawingsWithAnyUnitLookTheSame() throws {
    let graph = try SMILESReader.read("CCO")
    let places = [(0.0, 0.0), (1.5, 0.0), (2.25, 1.3)]
    let svgs = try [1.0, 20.0].map { unit in
      try Depiction(
        of: graph, positions: places.map { AtomPosition(x: $0.0 * unit, y: $0.1 * unit) }
      ).svg().text
    }
    #expect(svgs[0] == svgs[1])
  }

  @Test func pngHasTheSizeAndTheColours() throws {
    var style = DepictionStyle()
    style.size = (120, 80)
    let png = try Depiction(of: SMILESReader.read("c1ccccc1O")).svg(style).png()
    #expect(png.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    let words = stride(from: 16, to: 24, by: 4).map { at in
      png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    #expect(words == [120, 80])
    let blank = try SVGDocument.blank(width: 120, height: 80)
    #expect(png.count > 2 * blank.count)
  }

  @Test func sheetsHoldEveryMoleculeAndCaption() throws {
    let cells = try ["C", "CC", "CCO"].map {
      DepictionSheet.Cell(depiction: try Depiction(of: SMILESReader.read($0)), caption: "<\($0)>")
    }
    let sheet = DepictionSheet(
      cells: cells + [.init(depiction: nil, caption: String(repeating: "long ", count: 60))],
      columns: 3, cellSize: (100, 80))
    let found = try SVGContents(sheet.svg().text)
    #expect(found.counts["svg"] == 4)
    #expect(found.size.width == "300")
    #expect(found.letters.contains("<CCO>"))
    #expect(found.letters.contains { $0.hasSuffix("…") && $0.count < 40 })
  }

  @Test func controlCharactersAreReplaced() throws {
    let sheet = DepictionSheet(
      cells: [.init(depiction: nil, caption: "a\u{0}b\u{1b}c")], columns: 1)
    #expect(try SVGContents(sheet.svg().text).letters == ["a\u{fffd}b\u{fffd}c"])
  }
}

extension SVGDocument {
  /// A sheet without a picture, as PNG.
  fileprivate static func blank(width: Int, height: Int) throws -> [UInt8] {
    try DepictionSheet(
      cells: [.init(depiction: nil, caption: "")], columns: 1, cellSize: (width, height)
    ).svg().png()
  }
}
