import Knowledge
import MoEBackbone
import Molecule
import Records
import Tensor

/// The pairs that a knowledge graph gives: terms with a structure, under their name and under
/// their definition.
struct KnowledgePairs {
  let graph: KnowledgeGraph
  /// The graph's folder, for what is said of bad structures.
  let path: String
  let keepsGraphs: Bool

  /// Calls `accept` for the name and, if there is one, the definition of each term whose structure
  /// can be read, in the order of the terms; `reject` for the others.
  ///
  /// A rejected term's line is its number in the graph, counted from 1.
  /// - Throws: ``RejectedRowError`` for the first bad structure in strict reading.
  func read(
    isStrict: Bool, reject: (RejectedRecord) throws -> Void,
    accept: (MoleculeFeatures, TextFeatures) -> Void
  ) throws {
    let numbers = graph.terms.indices.filter { graph.terms[$0].structure != nil }
    let read = Parallel.map(numbers.count, by: 32) { pairs(of: numbers[$0]) }
    for term in read {
      switch term {
      case .success(let pairs):
        for text in pairs.texts { accept(pairs.molecule, text) }
      case .failure(let error):
        if isStrict { throw error }
        try reject(error.row)
      }
    }
  }

  private struct TermPairs {
    let molecule: MoleculeFeatures
    let texts: [TextFeatures]
  }

  private func pairs(of number: Int) -> Result<TermPairs, RejectedRowError> {
    let term = graph.terms[number]
    let structure = term.structure ?? ""
    do throws(SMILESError) {
      var texts = [TextFeatures(of: term.name, domain: .nomenclature)]
      if !term.definition.isEmpty {
        texts.append(TextFeatures(of: term.definition, domain: .chemistry))
      }
      return .success(
        TermPairs(
          molecule: MoleculeFeatures(
            of: try SMILESReader.read(structure), keepingGraph: keepsGraphs), texts: texts))
    } catch {
      return .failure(
        RejectedRowError(
          row: RejectedRecord(
            file: path, line: number + 1, byteOffset: 0, field: "structure of \(term.id)",
            found: "\(error)", expected: "a molecule", raw: structure)))
    }
  }
}
