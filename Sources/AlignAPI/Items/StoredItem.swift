package import Molecule
package import Postgres

/// What filters need to know of an item, as its row in `items` says it.
package struct StoredItem: Sendable, Equatable {
  package let id: Int64
  package let corpus: Int64
  package let smiles: String?
  package let hasText: Bool
  /// In microseconds since 1970.
  package let updatedAt: Int64
  /// In the order of ``Descriptor``; nil for an item without a molecule, or not yet described.
  package let descriptors: [Float]?
  /// 2,048 bits.
  package let fingerprint: [UInt64]?
  /// ``SubstructureScreen/size`` bits.
  package let screen: [UInt64]?

  /// Bits of ``fingerprint``.
  package static let fingerprintBits = 2048

  /// The fingerprint that is stored and compared: Morgan's of radius 2.
  package static func fingerprint(of graph: MolecularGraph) -> BitFingerprint {
    var generator = fingerprintGenerator
    return generator.bits(of: graph, size: fingerprintBits)
  }

  /// What makes it; a copy may be used for many molecules.
  package static let fingerprintGenerator = MorganGenerator(radius: 2)

  /// The columns of a query that ``init(_:)`` reads, of a table named `items`.
  static let columns: SQLStatement = {
    let descriptors = Descriptor.allCases.map { "items.\($0.rawValue)" }.joined(separator: ", ")
    return SQLStatement(
      unsafeSQL: """
        items.id, items.corpus_id, items.smiles, items.text is not null, items.updated_at,
        items.fingerprint, items.screen, \(descriptors)
        """)
  }()

  package init(_ row: Row) throws {
    id = try row.value(at: 0)
    corpus = try row.value(at: 1)
    smiles = try row.value(at: 2)
    hasText = try row.value(at: 3)
    updatedAt = try row.value(at: 4, as: Timestamp.self).microsecondsSince1970
    fingerprint = try Self.words(row, at: 5, bits: Self.fingerprintBits)
    screen = try Self.words(row, at: 6, bits: SubstructureScreen.size)
    var numbers: [Float] = []
    for (place, descriptor) in Descriptor.allCases.enumerated() {
      let number =
        descriptor.isCount
        ? try row.value(at: 7 + place, as: Int32?.self).map { Float($0) }
        : try row.value(at: 7 + place, as: Float?.self)
      guard let number else { break }
      numbers.append(number)
    }
    descriptors = numbers.count == Descriptor.allCases.count ? numbers : nil
  }

  package init(
    id: Int64, corpus: Int64, smiles: String?, hasText: Bool, updatedAt: Int64,
    descriptors: [Float]?, fingerprint: [UInt64]?, screen: [UInt64]?
  ) {
    self.id = id
    self.corpus = corpus
    self.smiles = smiles
    self.hasText = hasText
    self.updatedAt = updatedAt
    self.descriptors = descriptors
    self.fingerprint = fingerprint
    self.screen = screen
  }

  /// The words of a column of little-endian bits; nil for NULL or another length.
  private static func words(_ row: Row, at column: Int, bits: Int) throws -> [UInt64]? {
    guard !row.isNull(at: column) else { return nil }
    return try row.withElements(at: column, as: UInt64.self) { words in
      guard words.count == bits / 64 else { return nil }
      return words.indices.map { UInt64(littleEndian: words[$0]) }
    }
  }
}
