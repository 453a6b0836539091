import Foundation
import Knowledge
import Testing

struct OBOReaderTests {
  private let scratch: Scratch
  private let list = RejectList()

  init() throws { scratch = try Scratch() }

  private func read(_ text: String, isStrict: Bool = false) throws -> (
    graph: KnowledgeGraph, report: KnowledgeImportReport
  ) {
    try KnowledgeImport.read(
      .obo([try scratch.file("kitchen.obo", text)]), isStrict: isStrict, reject: list.append)
  }

  private let kitchen = #"""
    format-version: 1.4
    ontology: kitchen

    [Term]
    id: K:1
    name: soup
    def: "A dish that is \"liquid\", mostly." [BOOK:12] {source="x"}
    synonym: "broth" EXACT []
    synonym: "soup of the day" RELATED COOK [BOOK:13]
    property_value: http://purl.obolibrary.org/obo/chebi/smiles "C\\C=C" xsd:string
    xref: BOOK:1

    [Term]
    id: K:2
    name: carrot soup {comment="a"} ! a comment
    is_a: K:1 ! soup
    relationship: BFO:0000051 K:3 {cardinality="1"} ! carrot

    [Typedef]
    id: has_part
    name: has part

    [Term]
    id: K:3
    name: carrot\, whole
    property_value: chemrof:smiles_string "CC" xsd:string

    [Term]
    id: K:4
    name: old soup
    is_obsolete: true
    is_a: K:1
    """#

  @Test func stanzasBecomeAGraph() throws {
    let (graph, report) = try read(kitchen)
    #expect(
      graph.terms == [
        KnowledgeTerm(
          id: "K:1", name: "soup", definition: #"A dish that is "liquid", mostly."#,
          synonyms: ["broth", "soup of the day"], structure: #"C\C=C"#),
        KnowledgeTerm(id: "K:2", name: "carrot soup"),
        KnowledgeTerm(id: "K:3", name: "carrot, whole", structure: "CC"),
      ])
    #expect(graph.relations == ["is_a", "has_part"])
    #expect(
      graph.edges == [
        KnowledgeGraph.Edge(subject: 1, relation: 0, object: 0),
        KnowledgeGraph.Edge(subject: 1, relation: 1, object: 2),
      ])
    #expect(report.rejected == 0 && report.obsolete == 1 && report.repeatedEdges == 0)
  }

  @Test func windowsLineEndsChangeNothing() throws {
    let unix = try read(kitchen).graph
    let windows = try read(kitchen.replacingOccurrences(of: "\n", with: "\r\n")).graph
    #expect(windows.terms == unix.terms && windows.edges == unix.edges)
  }

  @Test func badClausesAreListedAndTheTermStays() throws {
    let (graph, report) = try read(
      """
      format-version: 1.4
      [Term]
      id: K:1
      name: soup
      name: stew
      def: no quotes
      is_a:
      relationship: has_part
      is_a: K:7

      [Term]
      name: nameless id

      [Term]
      id: K:2
      """)
    #expect(graph.terms == [KnowledgeTerm(id: "K:1", name: "soup")])
    #expect(list.lines == [5, 6, 7, 8, 11, 14, 9])
    #expect(
      list.fields == ["name", "def", "is_a", "relationship", "id", "name", "object"])
    #expect(report.rejected == 7)
  }

  @Test func notationsAmongSynonymsAreNoNames() throws {
    let (graph, _) = try read(
      #"""
      [Term]
      id: K:1
      name: soup
      synonym: "C6H6" RELATED FORMULA [BOOK:1]
      synonym: "c1ccccc1" RELATED SMILES [BOOK:1]
      synonym: "InChI=1S/C6H6" RELATED InChI [BOOK:1]
      synonym: "smiles soup" RELATED []
      """#)
    #expect(
      graph.terms == [
        KnowledgeTerm(id: "K:1", name: "soup", synonyms: ["smiles soup"], structure: "c1ccccc1")
      ])
  }

  @Test func strictReadingThrows() {
    let error = #expect(throws: KnowledgeError.self) {
      try read("[Term]\nid: K:1\nname: a soup\ndef: x\n", isStrict: true)
    }
    #expect(error?.line == 4)
    #expect(error?.field == "def")
  }

  @Test(arguments: ["{\"graphs\": []}\n", "<?xml version=1?>", "subject\tpredicate\n"])
  func otherFormatsAreRefused(text: String) {
    let error = #expect(throws: KnowledgeError.self) { try read(text) }
    guard case .notOBO = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func emptyFileAndFileWithoutTermsAreRefused() {
    #expect(throws: KnowledgeError.self) { try read("") }
    let error = #expect(throws: KnowledgeError.self) { try read("format-version: 1.4\n") }
    #expect(error?.reason == .noTerms)
  }
}
