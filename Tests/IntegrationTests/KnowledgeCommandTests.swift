import Foundation
import Testing

/// `ligature kg` of the built program, on a graph of our own.
@Suite struct KnowledgeCommandTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let run = try ProgramRun(["kg"] + arguments)
    let status = run.wait()
    return (status, String(decoding: try run.printed(), as: UTF8.self))
  }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = scratch.path + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private var graph: String { scratch.path + "/graph" }

  private func importTables(_ more: [String] = []) throws -> (status: Int32, output: String) {
    let terms = try file(
      "terms.tsv",
      "id\tname\tdefinition\tsynonyms\nK:1\tsoup\tA dish.\tbroth\nK:2\tβ-carrot soup\t\t\n"
        + "K:3\tstarter\t\t\nK:4\n")
    let edges = try file(
      "edges.tsv",
      "subject\tpredicate\tobject\nK:2\tis_a\tK:1\nK:1\thas_role\tK:3\nK:2\tis_a\tK:9\n")
    let structures = try file("structures.tsv", "id\tsmiles\nK:1\tCC\n")
    return try run(
      ["import", "--terms", terms, "--edges", edges, "--structures", structures, "--out", graph]
        + more)
  }

  @Test func tablesAreImportedShownAndLinked() throws {
    let (status, output) = try importTables()
    #expect(status == 0)
    for row in [
      "terms +3", "edges +2", "is_a +1", "has_role +1", "rejected +2", "SHA-256 +[0-9a-f]{64}",
    ] {
      #expect(output.range(of: row, options: .regularExpression) != nil, "\(row)")
    }
    let rejects = try String(contentsOfFile: graph + ".rejects.tsv", encoding: .utf8)
    #expect(rejects.split(separator: "\n").count == 3)

    let shown = try run(["show", graph, "K:1"])
    #expect(shown.status == 0)
    for part in ["soup", "A dish.", "broth", "CC", "starter (K:3)", "β-carrot soup (K:2)"] {
      #expect(shown.output.contains(part), "\(part)")
    }
    #expect(try run(["show", graph, "beta-carrot soups"]).output.contains("K:2"))
    #expect(try run(["show", graph, "stew"]).status == 1)

    let linked = try run(["link", graph, "The β-carrot soup, a soup."])
    #expect(linked.status == 0)
    #expect(
      linked.output == "4-18\tβ-carrot soup\tK:2\tβ-carrot soup\n22-26\tsoup\tK:1\tsoup\n")
    #expect(try run(["link", graph, "nothing"]).output.isEmpty)
    let corpus = try file("corpus.tsv", "id\ttext\n1\ta soup\n2\ta pan\n")
    #expect(try run(["link", graph, "--corpus", corpus]).output.contains("1 (50.0 %)"))
  }

  @Test func importingAgainReplacesGraphAndRejects() throws {
    #expect(try importTables().status == 0)
    let first = try Data(contentsOf: URL(fileURLWithPath: graph + "/graph.kg"))
    #expect(try importTables().status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: graph + "/graph.kg")) == first)
    let rejects = try String(contentsOfFile: graph + ".rejects.tsv", encoding: .utf8)
    #expect(rejects.split(separator: "\n").count == 3)
  }

  @Test func strictImportLeavesTheOldGraph() throws {
    #expect(try importTables(["--strict"]).status == 1)
    #expect(!FileManager.default.fileExists(atPath: graph))
  }

  @Test func oboIsImported() throws {
    let obo = try file("a.obo", "format-version: 1.4\n\n[Term]\nid: K:1\nname: soup\n")
    #expect(try run(["import", "--obo", obo, "--out", graph]).status == 0)
    #expect(try run(["show", graph, "soup"]).output.contains("K:1"))
  }

  @Test func exitCodesTellMistakesApart() throws {
    #expect(try run(["import", "--out", graph]).status == 64)
    #expect(try run(["import", "--terms", "a", "--obo", "b", "--out", graph]).status == 64)
    #expect(try run(["import", "--terms", scratch.path + "/none", "--out", graph]).status == 1)
    #expect(try run(["show", graph, "soup"]).status == 1)
    #expect(try run(["link", graph]).status == 64)
  }

  @Test func damagedGraphIsRefused() throws {
    #expect(try importTables().status == 0)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: graph + "/graph.kg"))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(fileURLWithPath: graph + "/graph.kg"))
    #expect(try run(["show", graph, "soup"]).status == 1)
  }

  @Test(arguments: ["import", "show", "link"])
  func helpHasExamplesAndExitCodes(command: String) throws {
    let (status, output) = try run([command, "--help"])
    #expect(status == 0)
    #expect(output.contains("Example") && output.contains("Exit codes"))
  }
}
