/// A value that can be read from a result column in PostgreSQL's binary format.
package protocol ColumnValue {
  /// Reads one value; throws `.column` when the column's type or content does not fit.
  init(_ cell: Cell) throws(PostgresError)
}

extension Int16: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = Int16(truncatingIfNeeded: try cell.integer(of: [.int2]))
  }
}

extension Int32: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = Int32(truncatingIfNeeded: try cell.integer(of: [.int2, .int4]))
  }
}

extension Int64: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = try cell.integer(of: [.int2, .int4, .int8])
  }
}

extension Int: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = Int(try cell.integer(of: [.int2, .int4, .int8]))
  }
}

extension Bool: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = try cell.integer(of: [.bool]) != 0
  }
}

extension Float: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = Float(bitPattern: UInt32(truncatingIfNeeded: try cell.integer(of: [.float4])))
  }
}

extension Double: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    let bits = try cell.integer(of: [.float4, .float8])
    if cell.type == .float4 {
      self = Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    } else {
      self = Double(bitPattern: UInt64(bitPattern: bits))
    }
  }
}

extension String: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    let bytes = try cell.bytes(of: [.text, .varchar, .bpchar, .name, .char, .json])
    self = String(decoding: bytes, as: UTF8.self)
  }
}

extension JSONText: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    let bytes = try cell.bytes(of: [.json, .jsonb])
    self.init(String(decoding: bytes.dropFirst(cell.type == .jsonb ? 1 : 0), as: UTF8.self))
  }
}

extension Timestamp: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    let (moment, overflow) = try cell.integer(of: [.timestamptz])
      .addingReportingOverflow(Self.postgresEpoch)
    guard !overflow else {
      throw cell.error(found: "infinity", expected: "a moment")
    }
    self.init(microsecondsSince1970: moment)
  }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  package init(_ cell: Cell) throws(PostgresError) {
    self = cell.isNull ? nil : try Wrapped(cell)
  }
}

extension Cell {
  /// A big-endian signed integer of one to eight bytes.
  func integer(of types: Set<PostgresType>) throws(PostgresError) -> Int64 {
    var value: Int64 = 0
    let bytes = try bytes(of: types)
    for (place, byte) in bytes.enumerated() {
      value = place == 0 ? Int64(Int8(bitPattern: byte)) : value << 8 | Int64(byte)
    }
    return value
  }
}
