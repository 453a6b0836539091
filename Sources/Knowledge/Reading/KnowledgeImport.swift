package import Records

/// What the files of a graph are.
package enum KnowledgeFiles: Sendable, Hashable {
  /// Tables: terms (`id`, `name`; `definition`, `synonyms` between bars), edges (`subject`,
  /// `predicate`, `object`), structures (`id`, `smiles`).
  case tables(terms: [String], edges: [String], structures: [String])
  /// Files in the OBO format.
  case obo([String])

  /// The paths in the order of reading.
  package var paths: [String] {
    switch self {
    case .tables(let terms, let edges, let structures): terms + edges + structures
    case .obo(let files): files
    }
  }
}

/// What reading the files of a graph came to.
package struct KnowledgeImportReport: Sendable, Hashable {
  /// Rows, clauses and terms that could not be used.
  package var rejected = 0
  /// Terms that their source has given up; they are left out.
  package var obsolete = 0
  /// Edges that were there already.
  package var repeatedEdges = 0
}

/// How far reading has come.
package struct KnowledgeImportProgress: Sendable, Hashable {
  /// The file being read.
  package let file: String
  /// The share of all files that was read, 0 to 1.
  package let share: Double
  /// Terms so far.
  package let terms: Int
  /// Edges so far.
  package let edges: Int
}

/// Reads a graph from files.
package enum KnowledgeImport {
  /// Reads all files; a bad row goes to `reject` and is counted, or is thrown in strict reading.
  ///
  /// O(bytes). Edges may name terms of any file.
  /// - Throws: ``KnowledgeError``; `DigestError` for a file that cannot be read again; what
  ///   `reject` throws.
  package static func read(
    _ files: KnowledgeFiles, isStrict: Bool = false,
    reject: @escaping (RejectedRecord) throws -> Void = { _ in },
    progress: @escaping (KnowledgeImportProgress) -> Void = { _ in }
  ) throws -> (graph: KnowledgeGraph, report: KnowledgeImportReport) {
    var draft = KnowledgeDraft(isStrict: isStrict, reject: reject)
    let paths = files.paths
    var done = 0
    func report(_ path: String, _ share: Double?, _ draft: KnowledgeDraft) {
      progress(
        KnowledgeImportProgress(
          file: path, share: (Double(done) + (share ?? 0)) / Double(paths.count),
          terms: draft.termCount, edges: draft.statementCount))
    }
    func read(
      _ paths: [String],
      _ body: (String, inout KnowledgeDraft, (Double?, KnowledgeDraft) -> Void) throws -> Void
    ) throws {
      for path in paths {
        try body(path, &draft) { report(path, $0, $1) }
        done += 1
      }
    }
    switch files {
    case .tables(let terms, let edges, let structures):
      try read(terms, readTerms)
      try read(edges, readEdges)
      try read(structures, readStructures)
    case .obo(let paths):
      try read(paths) { path, draft, share in
        var reader = try OBOReader(path: path)
        try reader.read(into: &draft, progress: share)
      }
    }
    let sources = try paths.map { try source(of: $0) }
    return try draft.finish(sources: sources, path: paths.first ?? "")
  }

  /// Rows between two reports.
  static let reportInterval = 4096
}
