import Records
import Tensor

extension TrainingSet {
  /// Reads and featurizes all files of a run.
  ///
  /// Bad rows go to `rejects`; with `isStrict` the first one throws.
  static func read(
    _ files: TrainingFiles, isStrict: Bool, rejects: RejectsFile, progress: (Double) -> Void
  ) throws -> TrainingSet {
    let parts = Double(files.pairs.count + 2)
    var molecules: [MoleculeFeatures] = []
    var texts: [FeatureCounts] = []
    var isProse: [Bool] = []
    for (position, path) in files.pairs.enumerated() {
      try FeaturizedReader(path: path, required: [.smiles, .text], isStrict: isStrict).read(
        accept: { record in
          guard let molecule = record.molecule, let text = record.text else { return }
          molecules.append(molecule)
          texts.append(text)
          isProse.append(ReferencePairs.isProse(record.record.text ?? ""))
        }, reject: rejects.append, progress: { progress((Double(position) + $0) / parts) })
    }
    if molecules.count < 2 {
      throw TrainingError.tooFewRows(
        file: files.pairs.joined(separator: ", "), found: molecules.count, needed: 2)
    }
    let dev = try RankingTask.read(
      pairs: files.dev, pool: files.pool, isStrict: isStrict, reject: rejects.append,
      progress: { progress((Double(files.pairs.count) + 2 * $0) / parts) })
    return TrainingSet(molecules: molecules, texts: texts, isProse: isProse, dev: dev)
  }
}
