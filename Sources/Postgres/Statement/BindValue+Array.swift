/// An array element type, with the form that a whole array of it takes.
package protocol BindElement: Sendable {
  static var arrayType: PostgresType { get }
  static func encode(_ elements: [Self], into buffer: inout [UInt8])
}

extension Array: BindValue where Element: BindElement {
  package static var postgresType: PostgresType { Element.arrayType }
  package func encode(into buffer: inout [UInt8]) { Element.encode(self, into: &buffer) }
}

/// `[UInt8]` is `bytea`.
extension UInt8: BindElement {
  package static var arrayType: PostgresType { .bytea }
  package static func encode(_ elements: [UInt8], into buffer: inout [UInt8]) {
    buffer.append(contentsOf: elements)
  }
}

extension Int64: BindElement {
  package static var arrayType: PostgresType { .int8Array }
  package static func encode(_ elements: [Int64], into buffer: inout [UInt8]) {
    encodeArray(elements, into: &buffer)
  }
}

extension String: BindElement {
  package static var arrayType: PostgresType { .textArray }
  package static func encode(_ elements: [String], into buffer: inout [UInt8]) {
    encodeArray(elements, into: &buffer)
  }
}

extension Array: BindElement where Element == UInt8 {
  package static var arrayType: PostgresType { .byteaArray }
  package static func encode(_ elements: [[UInt8]], into buffer: inout [UInt8]) {
    encodeArray(elements, into: &buffer)
  }
}

/// The layout of `array_send`: dimensions, has-nulls flag, element type, then per dimension its
/// length and lower bound, then each element with its length.
private func encodeArray<Element: BindValue>(_ elements: [Element], into buffer: inout [UInt8]) {
  buffer.append(bigEndian: Int32(elements.isEmpty ? 0 : 1))
  buffer.append(bigEndian: Int32(0))
  buffer.append(bigEndian: Element.postgresType.oid)
  if elements.isEmpty { return }
  buffer.append(bigEndian: Int32(elements.count))
  buffer.append(bigEndian: Int32(1))
  for element in elements {
    buffer.append(sized: element)
  }
}

extension [UInt8] {
  /// Appends a value behind its length in bytes; -1 and nothing more for NULL.
  mutating func append(sized value: some BindValue) {
    guard !value.isNull else { return append(bigEndian: Int32(-1)) }
    let start = count
    append(bigEndian: Int32(0))
    value.encode(into: &self)
    let length = Int32(count - start - 4)
    for byte in 0..<4 {
      self[start + byte] = UInt8(truncatingIfNeeded: length >> (24 - 8 * byte))
    }
  }
}
