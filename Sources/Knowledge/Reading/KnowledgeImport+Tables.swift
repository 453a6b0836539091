import Digest
import Foundation
import Records

extension KnowledgeImport {
  static func readTerms(
    _ path: String, into draft: inout KnowledgeDraft,
    progress: (Double?, KnowledgeDraft) -> Void
  ) throws {
    let table = try KnowledgeTable(path: path, required: ["id", "name"])
    let definition = table.column("definition") ?? table.column("def")
    let synonyms = table.column("synonyms")
    try readRows(of: table, ["id", "name"], into: &draft, progress: progress) {
      row, values, draft in
      let others = synonyms.map { row.fields[$0].split(separator: "|") } ?? []
      try draft.add(
        KnowledgeTerm(
          id: values[0], name: values[1],
          definition: definition.map { trimmed(row.fields[$0]) } ?? "",
          synonyms: others.map { trimmed(String($0)) }.filter { !$0.isEmpty }),
        at: row.place)
    }
  }

  static func readEdges(
    _ path: String, into draft: inout KnowledgeDraft,
    progress: (Double?, KnowledgeDraft) -> Void
  ) throws {
    let names = ["subject", "predicate", "object"]
    let table = try KnowledgeTable(path: path, required: names)
    try readRows(of: table, names, into: &draft, progress: progress) { row, values, draft in
      try draft.addStatement(values[0], values[1], values[2], at: row.place)
    }
  }

  static func readStructures(
    _ path: String, into draft: inout KnowledgeDraft,
    progress: (Double?, KnowledgeDraft) -> Void
  ) throws {
    let table = try KnowledgeTable(path: path, required: ["id", "smiles"])
    try readRows(of: table, ["id", "smiles"], into: &draft, progress: progress) {
      row, values, draft in
      draft.addStructure(values[1], of: values[0], at: row.place)
    }
  }

  /// Calls `body` for every row whose `needed` columns all have a value.
  private static func readRows(
    of table: KnowledgeTable, _ needed: [String], into draft: inout KnowledgeDraft,
    progress: (Double?, KnowledgeDraft) -> Void,
    _ body: (KnowledgeTable.Row, _ values: [String], inout KnowledgeDraft) throws -> Void
  ) throws {
    let columns = needed.map { name in
      guard let column = table.column(name) else { preconditionFailure("no column \(name)") }
      return column
    }
    var rows = 0
    while let row = try table.next() {
      rows += 1
      if rows % reportInterval == 0 { progress(table.share, draft) }
      if let problem = row.problem {
        try draft.refuse(
          row.place, field: nil, expected: problem.expected, found: problem.found, raw: row.raw)
        continue
      }
      let values = columns.map { trimmed(row.fields[$0]) }
      if let missing = values.firstIndex(of: "") {
        try draft.refuse(
          row.place, field: needed[missing], expected: "a value", found: "none", raw: row.raw)
        continue
      }
      try body(row, values, &draft)
    }
  }

  static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }

  static func source(of path: String) throws -> KnowledgeGraph.Source {
    KnowledgeGraph.Source(
      name: URL(fileURLWithPath: path).lastPathComponent,
      digest: try SHA256Digest.ofFile(at: path))
  }
}
