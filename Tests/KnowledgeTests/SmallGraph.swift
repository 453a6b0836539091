import Foundation
import Knowledge
import Records

/// A folder that is removed with its owner, and files in it.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/knowledge-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// Terms of a kitchen: names and definitions of our own.
enum SmallGraph {
  static let terms = [
    KnowledgeTerm(id: "K:1", name: "soup", definition: "A dish that is eaten with a spoon."),
    KnowledgeTerm(id: "K:2", name: "beta-carrot soup", synonyms: ["β-carrot broth"]),
    KnowledgeTerm(id: "K:3", name: "carrot", structure: "CC"),
    KnowledgeTerm(id: "K:4", name: "assembly of spoons", synonyms: ["SPN"]),
    KnowledgeTerm(id: "K:5", name: "spoon", synonyms: ["soup"]),
    KnowledgeTerm(id: "K:6", name: "carrot soup(2-)"),
  ]

  /// K:2 is a soup and has a carrot as part; K:6 too; the assembly has spoons as part.
  static let graph = KnowledgeGraph(
    terms: terms, relations: ["is_a", "has_part"],
    edges: [(1, 0, 0), (1, 1, 2), (5, 0, 0), (5, 1, 2), (3, 1, 4)].map {
      KnowledgeGraph.Edge(subject: $0.0, relation: $0.1, object: $0.2)
    })
}

/// Collects rejects.
final class RejectList {
  var rejects: [RejectedRecord] = []
  var lines: [Int] { rejects.map(\.line) }
  var fields: [String?] { rejects.map(\.field) }

  func append(_ reject: RejectedRecord) { rejects.append(reject) }
}
