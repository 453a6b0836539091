import Foundation
import Testing

/// Groups, fingerprints and patterns of `ligature mol` of the built program.
@Suite struct MoleculeFeatureCommandTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  private func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let run = try ProgramRun(["mol"] + arguments, environment: environment)
    let status = run.wait()
    return (status, String(decoding: try run.printed(), as: UTF8.self))
  }

  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func groups(_ object: [String: Any]) throws -> [String: Int] {
    let groups = try #require(object["groups"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: groups.compactMap { group in
        guard let id = group["id"] as? String, let count = group["count"] as? Int else {
          return nil
        }
        return (id, count)
      })
  }

  @Test func descriptionTellsGroupsAndKeys() throws {
    let (status, output) = try run(["CC(=O)Oc1ccccc1C(=O)O", "--similar-to", "OC(=O)c1ccccc1O"])
    #expect(status == 0)
    let rows = output.split(separator: "\n")
    for (name, part) in [
      ("groups", "ester, carboxylic acid"), ("ring systems", "benzene"), ("MACCS keys", "162"),
      ("Morgan bits", "of 2048"), ("hybridisation", "sp² 12, sp³ 1"), ("similarity", "Tanimoto 0."),
    ] {
      #expect(rows.contains { $0.hasPrefix(name) && $0.contains(part) }, "\(name): \(part)")
    }
  }

  @Test func descriptionInJSONHasThemToo() throws {
    let object = try object(run(["--json", "NCC(=O)O"]).output)
    #expect(try groups(object)["alpha-amino-acid"] == 1)
    #expect(object["hybridisation"] as? [String] == ["sp3", "sp3", "sp2", "sp2", "sp2"])
    let fingerprints = try #require(object["fingerprints"] as? [String: Any])
    #expect((fingerprints["morgan2048"] as? String)?.utf8.count == 512)
    let keys = try #require(fingerprints["maccs"] as? [Int])
    #expect(keys.contains(84) && keys.contains(154) && !keys.contains(162))
    #expect(fingerprints["morgan"] == nil)
  }

  @Test func linesCarryWhatIsAskedFor() throws {
    let path = scratch.path + "/a.smi"
    try "CCO\nC1CC\nc1ccccc1\n".write(toFile: path, atomically: true, encoding: .utf8)
    let plain = try run(["--input", path, "--ndjson"]).output.split(separator: "\n")
    for line in plain { #expect(try object(line)["groups"] == nil) }
    let asked = ["--groups", "--fingerprints", "--similar-to", "OCC"]
    let (status, output) = try run(["--input", path, "--ndjson"] + asked)
    #expect(status == 0)
    let lines = try output.split(separator: "\n").map { try object($0) }
    #expect(lines.count == 3)
    #expect(try groups(lines[0])["primary-alcohol"] == 1)
    #expect(lines[1]["error"] != nil)
    #expect(try groups(lines[2])["benzene"] == 1)
    let similarities = lines.map { ($0["similarity"] as? [String: Any])?["tanimoto"] as? Double }
    #expect(similarities[0] == 1)
    #expect(similarities[2] == 0)
    let fingerprints = try #require(lines[0]["fingerprints"] as? [String: Any])
    for name in ["morgan", "paths", "atom_pairs", "torsions"] {
      #expect(fingerprints[name] is [String: Int], "\(name)")
    }
  }

  @Test func stereoOfThePatternCountsWhenAsked() throws {
    let left = ["C[C@H](N)C(=O)O", "--json", "--smarts", "C[C@@H](N)C(=O)O"]
    #expect(try (object(run(left).output)["matches"] as? [[Int]])?.count == 1)
    #expect(try (object(run(left + ["--use-stereo"]).output)["matches"] as? [[Int]])?.count == 0)
  }

  @Test func limitsOfThePatternAreErrors() throws {
    #expect(try run(["CCCC", "--smarts", "C", "--match-limit", "3"]).status == 1)
    #expect(try run(["CCCC", "--smarts", "C", "--match-limit", "4"]).status == 0)
    #expect(try run(["CCCC", "--smarts", "C", "--match-limit", "0"]).status == 64)
    #expect(try run(["CCCC", "--similar-to", "C1CC"]).status == 1)
    // Chains of nine atoms have many false starts in cages of eight.
    let cages = Array(repeating: "C12C3C4C1C5C2C3C45", count: 20).joined(separator: ".")
    let chain = ["--smarts", String(repeating: "C", count: 9)]
    #expect(try run([cages] + chain).status == 0)
    #expect(try run([cages] + chain + ["--match-seconds", "0"]).status == 1)
  }

  @Test func helpFitsEightyColumns() throws {
    let (status, output) = try run(["--help"], environment: ["COLUMNS": "80"])
    #expect(status == 0)
    for line in output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let paragraph = output.split(separator: "\n").drop { !$0.contains("With a SMILES") }.prefix(4)
    for line in paragraph { #expect(line.count > 60, "\(line)") }
  }
}
