import Tensor

/// The reference pairs of a model as tensors: unit vectors of texts and molecules, [R, d], and the
/// content keys of both, R.
enum StoredReferences {
  static func write(
    _ references: HubReferences, storage: CheckpointStorage, to path: String
  ) throws(CheckpointError) {
    var tensors: [String: StoredTensor] = [
      "texts.counterparts": .unsigned(references.texts.counterparts),
      "molecules.counterparts": .unsigned(references.molecules.counterparts),
    ]
    tensors.add(references.texts.vectors, named: "texts", storage: storage)
    tensors.add(references.molecules.vectors, named: "molecules", storage: storage)
    try CheckpointFile.write(tensors, to: path)
  }

  static func read(
    _ path: String, dimension: Int, storage: CheckpointStorage
  ) throws(SafetensorsError) -> HubReferences {
    let reader = try SafetensorsReader(path: path)
    func side(_ name: String) throws(SafetensorsError) -> HubReferences.Side {
      let vectors = try reader.table(name, storage: storage)
      let keys = try reader.unsigned(name + ".counterparts")
      guard vectors.rows == keys.count, vectors.columns == dimension else {
        throw SafetensorsError(
          path: path,
          reason: .mismatchedTensor(
            name: name, found: "[\(vectors.rows), \(vectors.columns)]",
            expected: "[\(keys.count), \(dimension)]"))
      }
      return HubReferences.Side(vectors: vectors, counterparts: keys)
    }
    return HubReferences(texts: try side("texts"), molecules: try side("molecules"))
  }
}
