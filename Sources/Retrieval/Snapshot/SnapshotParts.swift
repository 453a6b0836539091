import Tensor

/// The arrays of an index, in the order of the file.
struct SnapshotParts {
  private enum Values {
    case ids([Int64])
    case floats([Float])
    case halves([UInt16])
    case bytes([UInt8])
    case signed([Int8])
  }

  private var parts: [(name: String, values: Values)] = []

  /// Nil when memory is short: a graph is copied.
  init?(_ index: any VectorIndex) {
    parts.append(("ids", .ids(index.ids)))
    switch index.vectors.storage {
    case .single(let matrix): parts.append(("vectors", .floats(matrix.values)))
    case .half(let matrix): parts.append(("vectors", .halves(matrix.bits)))
    case .byte(let matrix):
      parts.append(("vectors", .signed(matrix.values)))
      parts.append(("scales", .floats(matrix.scales)))
    }
    if let coded = index as? CodedIndex {
      parts.append(("center", .floats(coded.center.values + [coded.greatestLength])))
      parts.append(("codes", .bytes(coded.codes.codes)))
      parts.append(("factors", .floats(coded.codes.factors)))
      parts.append(("errors", .floats(coded.codes.errors)))
      parts.append(("slopes", .halves(coded.codes.slopes)))
      parts.append(("steepest", .floats(coded.codes.steepest)))
    }
    if let graph = (index as? GraphIndex)?.graph {
      guard let links = graph.serialized() else { return nil }
      parts.append(("links", .bytes(links)))
    }
  }

  /// Names, lengths and checksums.
  func described() -> [SnapshotManifest.Part] {
    func part<Element: BitwiseCopyable>(
      _ name: String, _ values: [Element]
    ) -> SnapshotManifest.Part {
      SnapshotManifest.Part(
        name: name, bytes: values.count * MemoryLayout<Element>.stride,
        checksums: BlockChecksums.of(values))
    }
    return parts.map { name, values in
      switch values {
      case .ids(let values): part(name, values)
      case .floats(let values): part(name, values)
      case .halves(let values): part(name, values)
      case .bytes(let values): part(name, values)
      case .signed(let values): part(name, values)
      }
    }
  }

  /// Writes all of them.
  func write(to file: BlockFile) throws(FileError) {
    for (_, values) in parts {
      switch values {
      case .ids(let values): try file.write(values)
      case .floats(let values): try file.write(values)
      case .halves(let values): try file.write(values)
      case .bytes(let values): try file.write(values)
      case .signed(let values): try file.write(values)
      }
    }
  }
}
