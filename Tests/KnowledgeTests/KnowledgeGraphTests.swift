import Knowledge
import Testing

struct KnowledgeGraphTests {
  private let graph = SmallGraph.graph

  @Test func edgesAreFoundFromBothEnds() {
    #expect(graph.edges(from: 1).map(\.object) == [0, 2])
    #expect(graph.edges(to: 2).map(\.subject) == [1, 5])
    #expect(graph.edges(from: 0).isEmpty)
    #expect(graph.edges(to: 5).isEmpty)
  }

  @Test func termsAreFoundByID() {
    #expect(graph.number(ofID: "K:3") == 2)
    #expect(graph.number(ofID: "K:9") == nil)
  }

  @Test func repeatedEdgesCountOnce() {
    let edge = KnowledgeGraph.Edge(subject: 0, relation: 0, object: 1)
    let graph = KnowledgeGraph(
      terms: SmallGraph.terms, relations: ["is_a"], edges: [edge, edge])
    #expect(graph.edges.count == 1)
  }

  @Test func textOfATermIsNameAndDefinition() {
    #expect(graph.terms[0].text == "soup. A dish that is eaten with a spoon.")
    #expect(graph.terms[2].text == "carrot")
  }

  @Test(arguments: [
    ("RO:0018033", "is_conjugate_base_of"), ("RO_0018033", "is_conjugate_base_of"),
    ("http://purl.obolibrary.org/obo/BFO_0000051", "has_part"), ("has_part", "has_part"),
    ("BFO:0000051", "has_part"), ("soaks_in", "soaks_in"), ("is_a", "is_a"),
  ])
  func relationsHaveOneSpelling(name: String, expected: String) {
    #expect(RelationName.canonical(name) == expected)
  }
}
