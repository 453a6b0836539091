import Tensor

/// A model's ``DriftReference`` as tensors: `mean` [1, d] and `sample` [n, d]; the seed is metadata.
enum StoredDriftReference {
  private static let seedKey = "seed"

  static func write(
    _ reference: DriftReference, storage: CheckpointStorage, to path: String
  ) throws(CheckpointError) {
    var tensors: [String: StoredTensor] = ["mean": .float(reference.mean)]
    tensors.add(HalfMatrix(rounding: reference.sample), named: "sample", storage: storage)
    try CheckpointFile.write(tensors, metadata: [seedKey: "\(reference.seed)"], to: path)
  }

  static func read(
    _ path: String, dimension: Int, storage: CheckpointStorage
  ) throws(SafetensorsError) -> DriftReference {
    let reader = try SafetensorsReader(path: path)
    let mean = try reader.float("mean")
    let sample = try reader.table("sample", storage: storage)
    guard mean.rows == 1, mean.columns == dimension, sample.columns == dimension, sample.rows >= 1
    else {
      throw SafetensorsError(
        path: path,
        reason: .mismatchedTensor(
          name: "sample", found: "[\(sample.rows), \(sample.columns)]",
          expected: "at least one row of \(dimension)"))
    }
    return DriftReference(
      mean: mean, sample: sample.widened(),
      seed: reader.metadata[seedKey].flatMap { UInt64($0) } ?? 0)
  }
}
