import Foundation
import Knowledge
import Records
import Testing

struct KnowledgeImportTests {
  private let scratch: Scratch
  private let list = RejectList()

  init() throws { scratch = try Scratch() }

  private func read(
    _ terms: String, edges: String = "subject\tpredicate\tobject\n", structures: String? = nil,
    isStrict: Bool = false
  ) throws -> (graph: KnowledgeGraph, report: KnowledgeImportReport) {
    let files = KnowledgeFiles.tables(
      terms: [try scratch.file("terms.tsv", terms)],
      edges: [try scratch.file("edges.tsv", edges)],
      structures: try structures.map { [try scratch.file("structures.tsv", $0)] } ?? [])
    return try KnowledgeImport.read(files, isStrict: isStrict, reject: list.append)
  }

  @Test func tablesBecomeAGraph() throws {
    let (graph, report) = try read(
      "ID\tname\tdefinition\tsynonyms\nK:1\tsoup\tA dish.\tbroth| stew |\nK:2\tcarrot\t\t\n",
      edges: "subject\tpredicate\tobject\nK:1\tBFO_0000051\tK:2\nK:1\thas_part\tK:2\n",
      structures: "id\tsmiles\tname\nK:2\tCC\tcarrot\n")
    #expect(
      graph.terms == [
        KnowledgeTerm(id: "K:1", name: "soup", definition: "A dish.", synonyms: ["broth", "stew"]),
        KnowledgeTerm(id: "K:2", name: "carrot", structure: "CC"),
      ])
    #expect(graph.relations == ["has_part"])
    #expect(graph.edges == [KnowledgeGraph.Edge(subject: 0, relation: 0, object: 1)])
    #expect(graph.sources.map(\.name) == ["terms.tsv", "edges.tsv", "structures.tsv"])
    #expect(report.rejected == 0 && report.obsolete == 0 && report.repeatedEdges == 1)
  }

  @Test func badRowsAreListedWithLineAndField() throws {
    let (graph, report) = try read(
      "id\tname\nK:1\tsoup\nK:1\tstew\nK:3\nK:4\t \n\nK:5\tpan\n",
      edges: "subject\tpredicate\tobject\nK:1\tis_a\tK:5\nK:1\tis_a\tK:9\nK:5\tis_a\tK:5\n")
    #expect(graph.terms.map(\.id) == ["K:1", "K:5"])
    #expect(graph.edges.count == 1)
    #expect(list.lines == [3, 4, 5, 4, 3])
    #expect(list.fields == ["id", nil, "name", "object", "object"])
    #expect(list.rejects[0].found == "the id of line 2")
    #expect(report.rejected == 5)
  }

  @Test func strictReadingThrowsTheFirstBadRow() throws {
    let error = #expect(throws: KnowledgeError.self) {
      try read("id\tname\nK:1\tsoup\n\tstew\n", isStrict: true)
    }
    #expect(error?.line == 3)
    #expect(error?.field == "id")
    #expect(error?.reason == .badRow(expected: "a value", found: "none"))
  }

  @Test func missingColumnIsNamed() throws {
    let error = #expect(throws: KnowledgeError.self) { try read("id\tlabel\nK:1\tsoup\n") }
    #expect(error?.field == "name")
    #expect(error?.reason == .missingColumn(found: ["id", "label"]))
    #expect(error?.line == 1)
  }

  @Test func emptyAndAbsentFilesAreErrors() throws {
    #expect(throws: KnowledgeError.self) { try read("") }
    let error = #expect(throws: KnowledgeError.self) { try read("id\tname\n") }
    #expect(error?.reason == .noTerms)
    #expect(throws: KnowledgeError.self) {
      try KnowledgeImport.read(.obo([scratch.path + "/none.obo"]))
    }
  }

  @Test func invalidUTF8IsRejected() throws {
    let path = try scratch.file("terms.tsv", "")
    try Self.write(Array("id\tname\na\t".utf8) + [0xFF] + Array("\nb\tc\n".utf8), path)
    let (graph, report) = try KnowledgeImport.read(
      .tables(terms: [path], edges: [], structures: []), reject: list.append)
    #expect(graph.terms.map(\.id) == ["b"])
    #expect(report.rejected == 1)
    #expect(list.rejects.first?.expected == "UTF-8")
  }

  @Test func structureOfAnUnknownTermIsRejected() throws {
    let (graph, report) = try read(
      "id\tname\nK:1\tsoup\n", structures: "id\tsmiles\nK:2\tCC\nK:1\tC\nK:1\tCC\n")
    #expect(graph.terms[0].structure == "C")
    #expect(report.rejected == 2)
  }
}

extension KnowledgeImportTests {
  private static func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
