import Foundation
import HTTPDaemon
import ModelTestSupport
import Molecule
import Testing

@testable import AlignAPI
@testable import HTTPAPI

/// Molecules need no model: the server has none.
@Suite struct MoleculeRoutesTests {
  private let client: APIClient

  init() throws { client = try Self.running.get() }

  private static let running = Result { try APIClient() }

  /// Rows of a golden file that RDKit has written.
  private static func golden(_ name: String) throws -> [[String]] {
    let path = TinyModel.root + "/Tests/MoleculeTests/Golden/\(name).tsv"
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }

  private static func json(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  private static let ethanol = """

      Ligature

      3  2  0  0  0  0  0  0  0  0999 V2000
        0.0000    0.0000    0.0000 C   0  0
        1.5000    0.0000    0.0000 C   0  0
        2.2500    1.2990    0.0000 O   0  0
      1  2  1  0
      2  3  1  0
    M  END

    """

  private struct Validity: Decodable {
    struct Problem: Decodable {
      let offset: Int
      let detail: String
    }
    let valid: Bool
    let problems: [Problem]
    let canonicalSmiles: String?
  }

  @Test func validationNamesThePlace() async throws {
    func validity(_ member: String) async throws -> Validity {
      try await client.post("/v1/molecules/validate", "{\(member)}").decoded()
    }
    let good = try await validity(#""smiles": "OCC""#)
    #expect(good.valid && good.problems.isEmpty && good.canonicalSmiles == "CCO")
    let bad = try await validity(#""smiles": "CC(C)X""#)
    #expect(!bad.valid && bad.canonicalSmiles == nil)
    #expect(bad.problems.map(\.offset) == [5])
    let molfile = try await validity("\"molfile\": \(try Self.json(Self.ethanol))")
    #expect(molfile.valid && molfile.canonicalSmiles == "CCO")
    let broken = Self.ethanol.replacing("2.2500    1.2990", with: "2.2500    1.x990")
    let wrong = try await validity("\"molfile\": \(try Self.json(broken))")
    #expect(!wrong.valid)
    let offset = try #require(wrong.problems.first).offset
    let line = broken.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") }
    #expect(line == 6)
  }

  @Test func moleculesAreSpelledInOneWay() async throws {
    struct Canonical: Decodable {
      let canonicalSmiles: String
      let key: String
      let formula: String
    }
    for row in try Self.golden("spellings").filter({ $0.count > 6 }).prefix(25) {
      var found: Set<String> = []
      for spelling in row.dropFirst().prefix(3) {
        let answer: Canonical = try await client.post(
          "/v1/molecules/canonicalize", "{\"smiles\": \(try Self.json(spelling))}"
        ).decoded()
        found.insert(answer.canonicalSmiles + " " + answer.key + " " + answer.formula)
      }
      #expect(found.count == 1, "\(row[0]): \(found)")
    }
    let salt: Canonical = try await client.post(
      "/v1/molecules/canonicalize",
      #"{"smiles": "[13CH3]C(=O)[O-].[Na+]", "largest_fragment": true, "neutralize": true, "strip_isotopes": true}"#
    ).decoded()
    #expect(salt.canonicalSmiles == "CC(=O)O")
    let plain: Canonical = try await client.post(
      "/v1/molecules/canonicalize",
      #"{"smiles": "C[C@H](N)C(=O)O", "stereo": false, "kekule": true}"#
    ).decoded()
    #expect(plain.canonicalSmiles == "CC(N)C(=O)O")
  }

  @Test func descriptionsAgreeWithRDKit() async throws {
    struct Description: Decodable {
      struct Descriptors: Decodable {
        let molecularWeight: Double
        let exactMass: Double
        let heavyAtoms: Int
        let logP: Double
        let molarRefractivity: Double
        let polarSurfaceArea: Double
      }
      struct Group: Decodable { let id: String }
      let formula: String
      let descriptors: Descriptors
      let scaffold: String?
      let groups: [Group]?
    }
    func describe(_ smiles: String) async throws -> Description {
      try await client.post(
        "/v1/molecules/describe", "{\"smiles\": \(try Self.json(smiles))}"
      ).decoded()
    }
    let rows = try Self.golden("descriptors").enumerated().filter { $0.offset % 20 == 0 }
    for row in rows.map(\.element) {
      let found = try await describe(row[1]).descriptors
      let expected = [row[2], row[3], row[4], row[6], row[7], row[9]].map { Double($0) ?? .nan }
      let values = [
        found.molecularWeight, found.exactMass, found.polarSurfaceArea, found.logP,
        found.molarRefractivity, Double(found.heavyAtoms),
      ]
      for (value, oracle) in zip(values, expected) {
        #expect(abs(value - oracle) < 2e-3, "\(row[0]): \(values), RDKit \(expected)")
      }
    }
    let aspirin = try await describe("CC(=O)Oc1ccccc1C(=O)O")
    #expect(aspirin.formula == "C9H8O4" && aspirin.scaffold == "c1ccccc1")
    #expect(aspirin.groups?.contains { $0.id == "carboxylic-acid" } == true)
  }

  private struct Matches: Decodable {
    let matches: Bool
    let atoms: [[Int]]
  }

  @Test func substructuresAreThoseOfRDKit() async throws {
    let rows = try Self.golden("patterns")
    for row in rows.dropFirst().enumerated().filter({ $0.offset % 30 == 0 }).map(\.element) {
      for place in stride(from: 1, to: row.count, by: 5) {
        let found: Matches = try await client.post(
          "/v1/molecules/substructure",
          "{\"smiles\": \(try Self.json(row[0])), \"smarts\": \(try Self.json(rows[0][place]))}"
        ).decoded()
        #expect(String(found.atoms.count) == row[place], "\(rows[0][place]) in \(row[0])")
        #expect(found.matches == (row[place] != "0"))
      }
    }
    let acid: Matches = try await client.post(
      "/v1/molecules/substructure", #"{"smiles": "CC(=O)O", "smarts": "C(=O)[OH]"}"#
    ).decoded()
    #expect(acid.atoms == [[1, 2, 3]])
  }

  @Test func aSearchThatCostsTooMuchIsRefused() async throws {
    let chain = String(repeating: "C", count: SearchService.patternMatches + 2)
    let answer = try await client.post(
      "/v1/molecules/substructure", "{\"smiles\": \"\(chain)\", \"smarts\": \"CC\"}")
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == ["smarts"])
    // A grid has many paths and few ends.
    let steps = try await client.post(
      "/v1/molecules/substructure",
      "{\"smiles\": \"\(Self.ladder(24))\", \"smarts\": \"\(String(repeating: "C~", count: 47))N\"}"
    )
    #expect(steps.status == 422)
    #expect(steps.text.contains("given up after"))
  }

  /// Two chains of carbons with a rung between each pair, and one nitrogen.
  private static func ladder(_ rungs: Int) -> String {
    let first = (1...rungs).map { "C%\(10 + $0)" }.joined()
    let second = (1...rungs).map { "C%\(10 + $0)" }.joined()
    return first + ".N" + second
  }

  @Test(arguments: [
    ("validate", #"{}"#, ["smiles"]),
    ("validate", #"{"smiles": "C", "molfile": "x"}"#, ["molfile", "smiles"]),
    ("validate", #"{"smiles": 5}"#, ["smiles"]), ("validate", #"{"smiles": "C", "x": 1}"#, ["x"]),
    ("canonicalize", #"{"smiles": "C("}"#, ["smiles"]),
    ("canonicalize", #"{"molfile": "nothing"}"#, ["molfile"]),
    ("canonicalize", #"{"smiles": "C", "kekule": 1}"#, ["kekule"]),
    ("describe", #"{"smiles": null}"#, ["smiles"]),
    ("substructure", #"{"smiles": "C"}"#, ["smarts"]),
    ("substructure", #"{"smiles": "C", "smarts": "[C"}"#, ["smarts"]),
    ("depict", #"{"smiles": "C", "width": 100}"#, ["height"]),
    ("depict", #"{"smiles": "C", "width": 15, "height": 4000}"#, ["width", "height"]),
    ("depict", #"{"smiles": "C", "format": "gif", "theme": "blue"}"#, ["theme", "format"]),
    ("depict", #"{"smiles": "CC", "highlight_atoms": [0, 2]}"#, ["highlight_atoms"]),
    ("depict", #"{"smiles": "CC", "atom_weights": [1]}"#, ["atom_weights"]),
    ("depict", #"{"smiles": "CC", "atom_weights": [1, 1e999]}"#, ["atom_weights"]),
  ])
  func wrongFieldsAreNamed(route: String, body: String, fields: [String]) async throws {
    let answer = try await client.post("/v1/molecules/\(route)", body)
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == fields)
  }

  @Test func picturesAreDrawnWithHighlightsAndWeights() async throws {
    let plain = try await client.post("/v1/molecules/depict", #"{"smiles": "CC(=O)O"}"#)
    #expect(plain.status == 200)
    #expect(plain.headers["content-type"] == "image/svg+xml")
    #expect(!plain.text.contains("<circle"))
    let lit = try await client.post(
      "/v1/molecules/depict", #"{"smiles": "CC(=O)O", "smarts": "C=O", "highlight_atoms": [0]}"#)
    #expect(lit.text.matches(of: #/<circle/#).count == 3)
    let weighed = try await client.post(
      "/v1/molecules/depict", #"{"smiles": "CC(=O)O", "atom_weights": [1, -2, 0, 0.5]}"#)
    #expect(weighed.text.contains("#e08214"))
    let image = try await client.post(
      "/v1/molecules/depict",
      #"{"smiles": "CC(=O)O", "format": "png", "width": 300, "height": 200, "theme": "dark"}"#)
    #expect(image.headers["content-type"] == "image/png")
    #expect(Array(image.body.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    // IHDR: width and height, big-endian.
    #expect(Array(image.body[16..<24]) == [0, 0, 1, 44, 0, 0, 0, 200])
  }

  @Test func aMolfileIsDrawnAsItWasDrawn() async throws {
    let body = "{\"molfile\": \(try Self.json(Self.ethanol))}"
    let drawn = try await client.post("/v1/molecules/depict", body)
    #expect(drawn.status == 200)
    let turned = Self.ethanol.replacing("2.2500    1.2990", with: "3.0000    0.0000")
    let other = try await client.post(
      "/v1/molecules/depict", "{\"molfile\": \(try Self.json(turned))}")
    #expect(other.status == 200 && other.text != drawn.text)
  }

  @Test func picturesForImagesAreKeptByTheirTag() async throws {
    let path =
      "/v1/molecules/depict?smiles=CC(=O)Oc1ccccc1C(=O)O&width=200&height=150&smarts=c1ccccc1"
    let first = try await client.get(path)
    #expect(first.status == 200)
    #expect(first.text.contains("width=\"200\""))
    #expect(first.headers["cache-control"] == "private, max-age=86400")
    let tag = try #require(first.headers["etag"])
    let opaque = tag.trimmingPrefix("W/")
    for known in [tag, "W/\(opaque)", "\"x\", \(opaque)", "*"] {
      let again = try await client.get(path, headers: ["If-None-Match": known])
      #expect(again.status == 304, "\(known)")
      #expect(again.body.isEmpty)
    }
    #expect(try await client.get(path, headers: ["If-None-Match": "\"x\""]).status == 200)
    let other = try await client.get("/v1/molecules/depict?smiles=CCO")
    #expect(other.headers["etag"] != tag)
  }

  @Test(arguments: [
    ("", ["smiles"]), ("?smiles=C(", ["smiles"]),
    ("?smiles=C&width=wide&height=9", ["width", "height"]),
    ("?smiles=C&smiles=C", ["smiles"]), ("?smiles=C&colour=red", ["colour"]),
  ])
  func wrongParametersAreNamed(query: String, fields: [String]) async throws {
    let answer = try await client.get("/v1/molecules/depict\(query)")
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == fields)
  }

  @Test func whatIsTooLargeToDrawIsRefused() async throws {
    let chain = String(repeating: "C", count: MolecularGraph.drawnAtoms + 1)
    let long = try await client.post("/v1/molecules/depict", "{\"smiles\": \"\(chain)\"}")
    #expect(long.status == 422)
    #expect(try long.wrongFields() == ["smiles"])
    let piece = String(repeating: "C", count: 301)
    let wide = try await client.post("/v1/molecules/depict", "{\"smiles\": \"\(piece)\"}")
    #expect(try wide.wrongFields() == ["smiles"])
    let described = try await client.post(
      "/v1/molecules/describe",
      "{\"smiles\": \"\(String(repeating: "C", count: SearchService.describedAtoms + 1))\"}")
    #expect(try described.wrongFields() == ["smiles"])
    let huge = try await client.post(
      "/v1/molecules/validate",
      "{\"smiles\": \"\(String(repeating: "C", count: SearchQuery.longestSMILES + 1))\"}")
    #expect(huge.status == 422)
  }
}
