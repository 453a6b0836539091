import Tensor

/// The reference pairs of a model as tensors: unit vectors of texts and molecules as 16-bit floats
/// [R, d], and the content keys of both, R.
enum StoredReferences {
  static func write(_ references: HubReferences, to path: String) throws(CheckpointError) {
    try CheckpointFile.write(
      [
        "texts": .half(references.texts.vectors),
        "molecules": .half(references.molecules.vectors),
        "texts.counterparts": .unsigned(references.texts.counterparts),
        "molecules.counterparts": .unsigned(references.molecules.counterparts),
      ], to: path)
  }

  static func read(_ path: String, dimension: Int) throws(SafetensorsError) -> HubReferences {
    let reader = try SafetensorsReader(path: path)
    func side(_ name: String) throws(SafetensorsError) -> HubReferences.Side {
      let vectors = try reader.half(name)
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
