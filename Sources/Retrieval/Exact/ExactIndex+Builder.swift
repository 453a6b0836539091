import Tensor

extension ExactIndex {
  /// An index that is being put together.
  ///
  /// A value: building leaves it usable, and indexes built earlier keep what they held. The first
  /// change after ``build()`` copies the vectors; until then both share them.
  public struct Builder: Sendable {
    /// The number of values of each vector, d.
    public let dimension: Int
    private var ids: [Int64]
    private var bits: [UInt16]
    private var rows: [Int64: Int]

    /// The number of items added.
    public var count: Int { ids.count }

    /// Starts without items; with dimension 0, ids alone are gathered.
    public init(dimension: Int) {
      precondition(dimension >= 0, "vectors of \(dimension) values")
      self.dimension = dimension
      ids = []
      bits = []
      rows = [:]
    }

    /// Makes room for a known number of items in all.
    public mutating func reserveCapacity(_ items: Int) {
      ids.reserveCapacity(items)
      bits.reserveCapacity(items * dimension)
      rows.reserveCapacity(items)
    }

    /// Adds an item whose vector is stored as d little-endian 16-bit floats; O(d).
    ///
    /// - Throws: ``VectorError`` for a wrong number of bytes, a value that is not finite, or an id
    ///   that is already there; the builder is then unchanged.
    public mutating func append(
      id: Int64, littleEndianHalves bytes: Span<UInt8>
    ) throws(VectorError) {
      if bytes.count != 2 * dimension {
        throw VectorError(
          id: id, reason: .byteCount(found: bytes.count, expected: 2 * dimension))
      }
      if rows[id] != nil { throw VectorError(id: id, reason: .repeatedID) }
      let start = bits.count
      bits.append(contentsOf: repeatElement(0, count: dimension))
      if let component = store(bytes, at: start) {
        bits.removeLast(dimension)
        throw VectorError(id: id, reason: .notFinite(component: component))
      }
      rows[id] = ids.count
      ids.append(id)
    }

    /// Reads a vector into its place; the first component that is not finite, if any.
    private mutating func store(_ bytes: Span<UInt8>, at start: Int) -> Int? {
      let count = dimension
      var target = bits.mutableSpan
      for component in 0..<count {
        let value = UInt16(bytes[2 * component]) | UInt16(bytes[2 * component + 1]) << 8
        if HalfBits.isNotFinite(value) { return component }
        target[start + component] = value
      }
      return nil
    }

    /// The index as it stands; O(1).
    public func build() -> ExactIndex {
      ExactIndex(
        checkedIDs: ids,
        vectors: StoredVectors(
          .half(HalfMatrix(rows: ids.count, columns: dimension, bits: bits))))
    }
  }
}
