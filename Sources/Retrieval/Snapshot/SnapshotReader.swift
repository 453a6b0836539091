import Tensor

/// Makes an index of the parts of an open snapshot.
struct SnapshotReader {
  let path: String
  let file: BlockFile
  let manifest: SnapshotManifest
  /// Where the first part begins.
  let start: Int

  /// The index, every part checked.
  func index() throws(SnapshotError) -> any VectorIndex {
    let exact = try exactIndex()
    switch manifest.kind {
    case .exact: return exact
    case .coded: return try codedIndex(exact)
    case .graph: return try graphIndex(exact)
    case .pgvector: return DatabaseRows(exact)
    }
  }

  private func exactIndex() throws(SnapshotError) -> ExactIndex {
    let (rows, columns) = (manifest.rows, manifest.dimension)
    guard rows >= 0, columns >= 0 else { throw damaged("manifest") }
    let ids = try part("ids", Int64.self, count: rows)
    switch manifest.precision {
    case .single:
      let values = try part("vectors", Float.self, count: rows * columns)
      return ExactIndex(
        checkedIDs: ids,
        vectors: StoredVectors(.single(Matrix(rows: rows, columns: columns, values: values))))
    case .half:
      let bits = try part("vectors", UInt16.self, count: rows * columns)
      return ExactIndex(
        checkedIDs: ids,
        vectors: StoredVectors(.half(HalfMatrix(rows: rows, columns: columns, bits: bits))))
    case .byte:
      let values = try part("vectors", Int8.self, count: rows * columns)
      let scales = try part("scales", Float.self, count: rows)
      return ExactIndex(
        checkedIDs: ids,
        vectors: StoredVectors(
          .byte(ByteMatrix(rows: rows, columns: columns, values: values, scales: scales))))
    }
  }

  private func codedIndex(_ exact: ExactIndex) throws(SnapshotError) -> CodedIndex {
    guard let configuration = manifest.coded else { throw damaged("manifest") }
    let padded = (max(1, manifest.dimension) + 63) / 64 * 64
    let slots = RowCodes.slots(manifest.rows)
    let bytes = RowCodes.bytes(padded, configuration.bits)
    let sloping = configuration.bits == .one ? slots : 0
    var center = try part("center", Float.self, count: manifest.dimension + 1)
    let greatestLength = center.removeLast()
    guard
      let codes = RowCodes(
        rows: manifest.rows, padded: padded, bits: configuration.bits,
        codes: try part("codes", UInt8.self, count: slots * bytes),
        factors: try part("factors", Float.self, count: slots),
        errors: try part("errors", Float.self, count: slots),
        slopes: try part("slopes", UInt16.self, count: sloping),
        steepest: try part("steepest", Float.self, count: sloping / RowCodes.tileRows))
    else { throw damaged("codes") }
    return CodedIndex(
      exact: exact, configuration: configuration, recall: manifest.recall,
      center: Matrix(rows: 1, columns: center.count, values: center),
      greatestLength: greatestLength, codes: codes)
  }

  private func graphIndex(_ exact: ExactIndex) throws(SnapshotError) -> GraphIndex {
    guard let configuration = manifest.graph, case .half(let vectors) = exact.vectors.storage
    else { throw damaged("manifest") }
    var graph: NeighborGraph?
    if let links = manifest.parts.first(where: { $0.name == "links" }) {
      graph = NeighborGraph(
        vectors: vectors, serialized: try part("links", UInt8.self, count: links.bytes))
      if graph == nil { throw damaged("links") }
    }
    return GraphIndex(
      exact, configuration: configuration, recall: manifest.recall, graph: graph)
  }

  /// A part of a known length.
  private func part<Element: BitwiseCopyable>(
    _ name: String, _ type: Element.Type, count: Int
  ) throws(SnapshotError) -> [Element] {
    var offset = start
    for part in manifest.parts {
      if part.name != name {
        offset += part.bytes
        continue
      }
      guard part.bytes == count * MemoryLayout<Element>.stride else { throw damaged(name) }
      let values: [Element]?
      do {
        values = try file.read(type, count: count, at: offset, checksums: part.checksums)
      } catch {
        throw SnapshotError(path: path, reason: .system(error.words))
      }
      guard let values else { throw damaged(name) }
      return values
    }
    throw damaged(name)
  }

  private func damaged(_ part: String) -> SnapshotError {
    SnapshotError(path: path, reason: .damaged(part: part))
  }
}
