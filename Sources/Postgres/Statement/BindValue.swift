/// A value that can be bound to a statement or written by COPY, in PostgreSQL's binary format.
///
/// The format of a type is that of its `typsend` function: network byte order throughout.
package protocol BindValue: Sendable {
  static var postgresType: PostgresType { get }
  var isNull: Bool { get }
  /// Appends the value without a length; not called when `isNull`.
  func encode(into buffer: inout [UInt8])
}

extension BindValue {
  package var isNull: Bool { false }
}

/// One bound value: its type and its binary form, nil for NULL.
package struct Bind: Sendable, Equatable {
  package let type: PostgresType
  package let bytes: [UInt8]?

  package init<Value: BindValue>(_ value: Value) {
    type = Value.postgresType
    if value.isNull {
      bytes = nil
    } else {
      var buffer: [UInt8] = []
      value.encode(into: &buffer)
      bytes = buffer
    }
  }
}

extension Int16: BindValue {
  package static var postgresType: PostgresType { .int2 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
}

extension Int32: BindValue {
  package static var postgresType: PostgresType { .int4 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
}

extension Int64: BindValue {
  package static var postgresType: PostgresType { .int8 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
}

extension Int: BindValue {
  package static var postgresType: PostgresType { .int8 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: Int64(self)) }
}

extension Bool: BindValue {
  package static var postgresType: PostgresType { .bool }
  package func encode(into buffer: inout [UInt8]) { buffer.append(self ? 1 : 0) }
}

extension Float: BindValue {
  package static var postgresType: PostgresType { .float4 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: bitPattern) }
}

extension Double: BindValue {
  package static var postgresType: PostgresType { .float8 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: bitPattern) }
}

extension String: BindValue {
  package static var postgresType: PostgresType { .text }
  package func encode(into buffer: inout [UInt8]) { buffer.append(contentsOf: utf8) }
}

extension Optional: BindValue where Wrapped: BindValue {
  package static var postgresType: PostgresType { Wrapped.postgresType }
  package var isNull: Bool { self == nil }
  package func encode(into buffer: inout [UInt8]) {
    switch self {
    case .some(let value): value.encode(into: &buffer)
    case .none: preconditionFailure("NULL has no binary form")
    }
  }
}

extension [UInt8] {
  /// Appends an integer in network byte order.
  mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
    unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
  }
}
