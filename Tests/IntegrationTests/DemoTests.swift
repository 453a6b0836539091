import Foundation
import Postgres
import TestSupport
import Testing

/// What scripts/demo promises: the shipped corpus, trained and indexed, answers natural queries.
@Suite struct DemoTests {
  private struct Hit: Decodable {
    let sourceID: String
    let score: Double

    private enum CodingKeys: String, CodingKey {
      case sourceID = "source_id"
      case score
    }
  }

  @Test func naturalQueriesFindTheirClass() throws {
    let folder = try ScratchFolder()
    let data = ProjectFolder.path + "/data"
    let corpus = data + "/compounds.tsv"
    let model = folder.path + "/demo"
    let database = try TemporaryCluster.shared().makeDatabase().description
    func run(_ arguments: [String]) throws -> Data {
      let run = try ProgramRun(arguments)
      let status = run.wait()
      try #require(status == 0, "ligature \(arguments.first ?? "") exited with \(status)")
      return try run.printed()
    }
    _ = try run([
      "train", "--pairs", corpus, "--dev", data + "/demo/dev.tsv", "--pool", corpus,
      "--config", data + "/demo/config.json", "--out", model,
    ])
    _ = try run(["db", "migrate", "--database", database])
    _ = try run([
      "index", "--model", model, "--corpus", corpus, "--name", "compounds", "--rejects",
      folder.path + "/rejects.tsv", "--database", database,
    ])

    let lines = try String(contentsOfFile: data + "/queries.tsv", encoding: .utf8)
      .split(separator: "\n").dropFirst()
    try #require(lines.count >= 12)
    for line in lines {
      let fields = line.split(separator: "\t")
      let expected = Set(fields[1].split(separator: ",").map(String.init))
      let json = try run([
        "search", "--model", model, String(fields[0]), "-k", "10", "--json", "--database", database,
      ])
      let hits = try JSONDecoder().decode([Hit].self, from: json)
      #expect(hits.count == 10)
      #expect(expected.contains(hits[0].sourceID), "first hit for \(fields[0])")
      let found = hits.count { expected.contains($0.sourceID) }
      #expect(2 * found >= expected.count, "\(found) of \(expected.count) for \(fields[0])")
      #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.score >= $1.score })
    }
  }
}
