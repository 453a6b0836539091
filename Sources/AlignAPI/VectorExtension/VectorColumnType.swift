import Postgres
import Retrieval
import Tensor

/// In which of pgvector's types a model's vectors are searched.
package enum VectorColumnType: String, Sendable, CaseIterable {
  /// 16-bit floats, the values of `embeddings.vector` themselves.
  case halfvec
  /// The same values as 32-bit floats.
  case vector
  /// One bit a value: `embeddings.code`. Distances are Hamming's, and only tell whom to score.
  case bit

  /// The longest vector that an HNSW index of pgvector takes, in numbers.
  package var longest: Int {
    switch self {
    case .halfvec: 4_000
    case .vector: 2_000
    case .bit: 64_000
    }
  }

  /// The length of a column for vectors of `dimension` numbers.
  func columnLength(_ dimension: Int) -> Int {
    self == .bit ? 8 * BinaryCodes.bytes(dimension: dimension) : dimension
  }

  /// The type with its length, in SQL.
  func column(_ dimension: Int) -> String { "\(rawValue)(\(columnLength(dimension)))" }

  /// Ascending by this operator is nearest first; for floats that is descending by inner product.
  var distance: SQLStatement { self == .bit ? "<~>" : "<#>" }

  /// What an HNSW index of the distance is made with.
  var operatorClass: String {
    switch self {
    case .halfvec: "halfvec_ip_ops"
    case .vector: "vector_ip_ops"
    case .bit: "bit_hamming_ops"
    }
  }

  /// The column of `embeddings` that it is made from.
  var source: String { self == .bit ? "code" : "vector" }

  /// A value of the column, made from the source column of a row of `embeddings`, in SQL.
  func value(of row: String, _ dimension: Int) -> String {
    switch self {
    case .halfvec, .vector: "half_values(\(row).vector)::\(column(dimension))"
    case .bit: "('x' || encode(\(row).code, 'hex'))::\(column(dimension))"
    }
  }

  /// Whether a row of `embeddings` has such a value, in SQL; what has none breaks another rule.
  func exists(in row: String, _ dimension: Int) -> String {
    switch self {
    case .halfvec, .vector: "octet_length(\(row).vector) = \(2 * dimension)"
    case .bit:
      "coalesce(octet_length(\(row).code) = \(BinaryCodes.bytes(dimension: dimension)), false)"
    }
  }

  /// A query [1, d] as a value of the type.
  func bind(_ query: Matrix) -> QueryVector {
    switch self {
    case .halfvec: QueryVector(halves: HalfMatrix(rounding: query).bits)
    case .vector: QueryVector(floats: query.values)
    case .bit: QueryVector(code: BinaryCodes.codes(of: HalfMatrix(rounding: query)))
    }
  }

  /// How many of the nearest are looked at for the best `count`, where `candidates` are for ten.
  func reach(_ count: Int, candidates: Int) -> Int {
    switch self {
    // Only rounding and what the graph misses stand between their order and that of the scores.
    case .halfvec, .vector: max(candidates, count + count / 4)
    case .bit: max(candidates, min(count * candidates / 10, 20_000), count)
    }
  }

  /// Numbers of candidates that are tried, in turn, when the indexes are measured.
  var candidateSteps: [Int] {
    self == .bit ? [100, 200, 400, 1_000, 2_000, 4_000] : [40, 80, 160, 320, 640, 1_000]
  }
}

/// A query in the binary form of one of pgvector's types; the server finds out which it is.
struct QueryVector: BindValue {
  private let bytes: [UInt8]

  /// `halfvec_send`: the length, two bytes of zero, the numbers.
  init(halves: [UInt16]) { bytes = Self.header(halves.count) + halves.flatMap(Self.bigEndian) }

  /// `vector_send`: the same with 32-bit floats.
  init(floats: [Float]) {
    bytes = Self.header(floats.count) + floats.flatMap { Self.bigEndian($0.bitPattern) }
  }

  /// `bit_send`: the number of bits, then they.
  init(code: [UInt8]) { bytes = Self.bigEndian(UInt32(8 * code.count)) + code }

  static var postgresType: PostgresType { .toldByServer }
  func encode(into buffer: inout [UInt8]) { buffer += bytes }

  private static func header(_ count: Int) -> [UInt8] { bigEndian(UInt16(count)) + [0, 0] }

  private static func bigEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    (1...Word.bitWidth / 8).map { UInt8(truncatingIfNeeded: word >> (Word.bitWidth - 8 * $0)) }
  }
}
