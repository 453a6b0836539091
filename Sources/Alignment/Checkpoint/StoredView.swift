import Tensor

/// A fitted view as tensors: `keys`, `idf` [1, features] and `table` [features, width].
enum StoredView {
  private static let weightingKey = "weighting"

  static func write(
    _ view: LatentProjection, storage: CheckpointStorage, to path: String
  ) throws(CheckpointError) {
    let idf = view.vocabulary.inverseDocumentFrequencies
    var tensors: [String: StoredTensor] = [
      "keys": .unsigned(view.vocabulary.keys),
      "idf": .float(Matrix(rows: 1, columns: idf.count, values: idf)),
    ]
    tensors.add(view.table, named: "table", storage: storage)
    try CheckpointFile.write(
      tensors, metadata: [weightingKey: view.vocabulary.weighting.rawValue], to: path)
  }

  static func read(
    _ path: String, storage: CheckpointStorage
  ) throws(SafetensorsError) -> LatentProjection {
    let reader = try SafetensorsReader(path: path)
    let table = try reader.table("table", storage: storage)
    guard
      let weighting = reader.metadata[weightingKey].flatMap(
        FeatureVocabulary.CountWeighting.init(rawValue:)),
      let vocabulary = FeatureVocabulary(
        keys: try reader.unsigned("keys"),
        inverseDocumentFrequencies: try reader.float("idf").values, weighting: weighting),
      vocabulary.count == table.rows
    else {
      throw SafetensorsError(
        path: path, reason: .malformedHeader("keys, idf and table do not fit together"))
    }
    return LatentProjection(vocabulary: vocabulary, table: table)
  }
}
