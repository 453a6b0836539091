import Foundation
import Testing

/// `ligature explain` of the built program with the shipped model.
@Suite struct ExplainCommandTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private static let aspirin = "CC(=O)Oc1ccccc1C(=O)O"

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let run = try ProgramRun(
      ["explain", "--model", ProjectFolder.path + "/data/models/ligature-chebi"] + arguments)
    let status = run.wait()
    return (status, String(decoding: try run.printed(), as: UTF8.self))
  }

  private struct Explained: Decodable {
    struct Part: Decodable {
      let side: String
      let weight: Double
      let text: String?
    }
    let method: String
    let score: Double
    let baseline: Double?
    let atoms: [Part]
    let words: [Part]
  }

  private func explained(_ arguments: [String]) throws -> Explained {
    let (status, output) = try run(arguments + ["--json"])
    #expect(status == 0)
    return try JSONDecoder().decode(Explained.self, from: Data(output.utf8))
  }

  @Test func weightsAddUpAndThePictureIsWritten() throws {
    let picture = scratch.path + "/aspirin.svg"
    let found = try explained(["an acetate ester", "--smiles", Self.aspirin, "--picture", picture])
    let sum =
      try #require(found.baseline) + (found.atoms + found.words).reduce(0) { $0 + $1.weight }
    #expect(abs(sum - found.score) < 1e-5)
    #expect(found.atoms.count == 13 && found.words.map(\.text) == ["an", "acetate", "ester"])
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("<circle"))
    let image = scratch.path + "/aspirin.png"
    #expect(try run(["acid", "--smiles", Self.aspirin, "--picture", image]).status == 0)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: image))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]))
  }

  @Test func sidesAndMethodsAreChosen() throws {
    let found = try explained([
      "an acetate ester", "--smiles", Self.aspirin, "--for-molecule", "--method", "leave_one_out",
    ])
    #expect(found.method == "leave_one_out" && found.baseline == nil)
    #expect(found.atoms.allSatisfy { $0.side == "query" })
    #expect(found.words.allSatisfy { $0.side == "target" })
  }

  @Test func theTableShowsTheHeaviestFirst() throws {
    let (status, output) = try run([
      "an acetate ester", "--smiles", Self.aspirin, "--first", "2",
    ])
    #expect(status == 0)
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0].hasPrefix("score") && lines[1].hasPrefix("baseline"))
    #expect(lines.contains("query, words") && lines.contains("target, atoms"))
    #expect(lines.contains { $0.hasPrefix("  11 others: ") })
    let place = try #require(lines.firstIndex(of: "query, words"))
    #expect(lines[place + 1].contains("acetate"))
  }

  @Test(
    arguments: [
      (["acid"], 64), (["acid", "--smiles", "C", "--item", "1"], 64),
      (["acid", "--smiles", "C", "--method", "guess"], 64),
      (["acid", "--smiles", "C", "--picture", "x.gif"], 64),
      (["acid", "--smiles", "C("], 1),
    ] as [([String], Int32)])
  func wrongLinesAreRefused(arguments: [String], status: Int32) throws {
    #expect(try run(arguments).status == status)
  }
}
