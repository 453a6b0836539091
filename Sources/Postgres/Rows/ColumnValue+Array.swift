/// An element of arrays that can be read from a result column.
package protocol ColumnElement: Sendable {
  /// Reads a whole array; throws `.column` when the column does not hold one.
  static func array(_ cell: Cell) throws(PostgresError) -> [Self]
}

extension Array: ColumnValue where Element: ColumnElement {
  package init(_ cell: Cell) throws(PostgresError) { self = try Element.array(cell) }
}

/// `bytea` is `[UInt8]`.
extension UInt8: ColumnElement {
  package static func array(_ cell: Cell) throws(PostgresError) -> [UInt8] {
    try cell.bytes(of: [.bytea])
  }
}

extension Int64: ColumnElement {
  /// Reads `bigint[]` of one dimension without NULLs, in the layout of `array_send`.
  package static func array(_ cell: Cell) throws(PostgresError) -> [Int64] {
    let bytes = try cell.bytes(of: [.int8Array])
    func integer(at offset: Int, bytes count: Int) -> Int64? {
      guard offset + count <= bytes.count else { return nil }
      let bits = bytes[offset..<offset + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int64(bitPattern: bits)
    }
    // Dimensions, a flag for NULLs and the type of the elements; then length and lower bound.
    let header = 12
    let dimensions = integer(at: 0, bytes: 4)
    if dimensions == 0 { return [] }
    guard dimensions == 1, integer(at: 4, bytes: 4) == 0,
      let count = integer(at: header, bytes: 4)
    else { throw cell.error(found: "another array", expected: "one dimension without NULL") }
    var values: [Int64] = []
    values.reserveCapacity(Int(count))
    for place in 0..<Int(count) {
      guard let value = integer(at: header + 8 + 12 * place + 4, bytes: 8) else {
        throw cell.error(found: "\(bytes.count) bytes", expected: "an array of \(count) numbers")
      }
      values.append(value)
    }
    return values
  }
}
