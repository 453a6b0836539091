import Knowledge
import Molecule
import Records

extension TrainingSet {
  /// Reads and featurizes all files of a run.
  ///
  /// Bad rows go to `rejects`; with `isStrict` the first one throws. `graph` is that of
  /// ``TrainingFiles/knowledge``; `keepingGraphs` keeps atoms and bonds for a graph view.
  static func read(
    _ files: TrainingFiles, graph: KnowledgeGraph?, keepingGraphs: Bool, isStrict: Bool,
    rejects: RejectsFile,
    progress: (Double) -> Void
  ) throws -> TrainingSet {
    let parts = Double(files.pairs.count + 2)
    var molecules: [MoleculeFeatures] = []
    var texts: [TextFeatures] = []
    for (position, file) in files.pairs.enumerated() {
      try FeaturizedReader(
        path: file.path, domain: file.domain, keepsGraphs: keepingGraphs,
        required: [.smiles, .text],
        isStrict: isStrict
      ).read(
        accept: { record in
          guard let molecule = record.molecule, let text = record.text else { return }
          molecules.append(molecule)
          texts.append(text)
        }, reject: rejects.append, progress: { progress((Double(position) + $0) / parts) })
    }
    if let graph {
      try KnowledgePairs(
        graph: graph, path: files.knowledge ?? "", keepsGraphs: keepingGraphs
      ).read(
        isStrict: isStrict, reject: rejects.append
      ) { molecule, text in
        molecules.append(molecule)
        texts.append(text)
      }
    }
    if molecules.count < 2 {
      throw TrainingError.tooFewRows(
        file: files.pairs.map(\.path).joined(separator: ", "), found: molecules.count, needed: 2)
    }
    // One text has one rank: too little to choose an epoch by.
    let dev = try RankingTask.read(
      pairs: files.dev, pool: files.pool, neededTexts: 2, keepingGraphs: keepingGraphs,
      isStrict: isStrict, reject: rejects.append,
      progress: { progress((Double(files.pairs.count) + 2 * $0) / parts) })
    return TrainingSet(molecules: molecules, texts: texts, graph: graph, dev: dev)
  }
}
