package import Alignment
package import Digest
package import Postgres
package import Retrieval

/// Reads a model's vectors from the database into memory.
///
/// Rows are streamed and written straight into the matrix.
package struct VectorLoader: Sendable {
  /// The checkpoint whose vectors are wanted.
  package let checksum: SHA256Digest
  /// The number of values of each vector.
  package let dimension: Int

  package init(checksum: SHA256Digest, dimension: Int) {
    self.checksum = checksum
    self.dimension = dimension
  }

  /// Reads all vectors of one modality.
  ///
  /// Throws ``VectorLoaderError`` and ``PostgresError``.
  package func load(_ modality: Modality, from connection: Connection) throws -> VectorCollection {
    let model = try modelID(connection)
    let code = modality.storedCode
    let counts = try connection.query(
      """
      select i.corpus_id, count(*)
      from embeddings e join items i on i.id = e.item_id
      where e.model_id = \(model) and e.modality = \(code)
      group by i.corpus_id
      """)
    var builders: [Int64: ExactIndex.Builder] = [:]
    for row in counts {
      var builder = ExactIndex.Builder(dimension: dimension)
      builder.reserveCapacity(try row.value(at: 1))
      builders[try row.value(at: 0)] = builder
    }
    try connection.forEachRow(
      """
      select i.corpus_id, e.item_id, e.checksum = \(checksum.hexadecimal), e.vector
      from embeddings e join items i on i.id = e.item_id
      where e.model_id = \(model) and e.modality = \(code)
      """
    ) { row in
      let corpus: Int64 = try row.value(at: 0)
      let item: Int64 = try row.value(at: 1)
      guard try row.value(at: 2) else { throw VectorLoaderError.foreignVector(item: item) }
      try row.withElements(at: 3, as: UInt8.self) { bytes in
        do throws(VectorError) {
          try builders[corpus, default: ExactIndex.Builder(dimension: dimension)]
            .append(id: item, littleEndianHalves: bytes)
        } catch {
          throw VectorLoaderError.badVector(error)
        }
      }
    }
    // A corpus of one side alone is there for the other side too, with nothing to find.
    let names = try connection.query(
      """
      select id, name from corpora where id = any(\(Array(builders.keys)))
        or id in (select corpus_id from index_jobs where model_id = \(model))
      """)
    return VectorCollection(
      corpora: try names.map { row in
        let id: Int64 = try row.value(at: 0)
        let builder = builders[id] ?? ExactIndex.Builder(dimension: dimension)
        return VectorCollection.Corpus(id: id, name: try row.value(at: 1), index: builder.build())
      })
  }

  private func modelID(_ connection: Connection) throws -> Int64 {
    let found = try connection.query(
      "select id, dimension from models where checksum = \(checksum.hexadecimal)")
    guard let row = found.first else { throw VectorLoaderError.unknownModel(checksum: checksum) }
    let stored: Int = try row.value(at: 1)
    guard stored == dimension else {
      throw VectorLoaderError.dimension(stored: stored, expected: dimension)
    }
    return try row.value(at: 0)
  }
}

/// Why the stored vectors cannot be used.
package enum VectorLoaderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No corpus was indexed with this checkpoint.
  case unknownModel(checksum: SHA256Digest)
  /// The database has another dimension for this checkpoint.
  case dimension(stored: Int, expected: Int)
  /// The item's vector is marked with another checkpoint.
  case foreignVector(item: Int64)
  /// A vector has the wrong length or holds a value that is not finite.
  case badVector(VectorError)

  package var description: String {
    switch self {
    case .unknownModel(let checksum):
      "no corpus is indexed with this model (checksum \(checksum.hexadecimal.prefix(8))…); "
        + "run 'ligature index' first"
    case .dimension(let stored, let expected):
      "the database holds vectors of \(stored) numbers, the model makes \(expected)"
    case .foreignVector(let item):
      "the vector of item \(item) belongs to another checkpoint; index its corpus again"
    case .badVector(let error): "\(error); index its corpus again"
    }
  }
}
