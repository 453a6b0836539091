import Tensor

/// Held-out views as tensors: 16-bit rows and the content keys of their items.
enum StoredHeldOutViews {
  static func write(_ views: HeldOutViews, to path: String) throws(CheckpointError) {
    try CheckpointFile.write(
      [
        "texts": .half(views.texts.views), "texts.keys": .unsigned(views.texts.keys),
        "molecules": .half(views.molecules.views),
        "molecules.keys": .unsigned(views.molecules.keys),
      ], to: path)
  }

  /// Reads what belongs to the given ridge views.
  static func read(
    _ path: String, of ridge: RidgeViews
  ) throws(SafetensorsError) -> HeldOutViews {
    let reader = try SafetensorsReader(path: path)
    func side(_ name: String, _ width: Int) throws(SafetensorsError) -> HeldOutViews.Side {
      let views = try reader.half(name)
      let keys = try reader.unsigned(name + ".keys")
      guard views.rows == keys.count, views.columns == width else {
        throw SafetensorsError(
          path: path,
          reason: .mismatchedTensor(
            name: name, found: "[\(views.rows), \(views.columns)]",
            expected: "[\(keys.count), \(width)]"))
      }
      return HeldOutViews.Side(keys: keys, views: views)
    }
    return HeldOutViews(
      texts: try side("texts", ridge.texts.width),
      molecules: try side("molecules", ridge.substructures.width))
  }
}
