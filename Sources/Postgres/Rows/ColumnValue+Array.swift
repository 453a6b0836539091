/// An element type of the arrays that can be read.
package protocol ColumnElement {
  static func elements(_ cell: Cell) throws(PostgresError) -> [Self]
}

extension Array: ColumnValue where Element: ColumnElement {
  package init(_ cell: Cell) throws(PostgresError) {
    self = try Element.elements(cell)
  }
}

/// `[UInt8]` is `bytea`.
extension UInt8: ColumnElement {
  package static func elements(_ cell: Cell) throws(PostgresError) -> [UInt8] {
    try cell.bytes(of: [.bytea])
  }
}

extension Int64: ColumnElement {
  package static func elements(_ cell: Cell) throws(PostgresError) -> [Int64] {
    try arrayElements(cell, of: .int8Array).map { bytes in
      bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
  }
}

extension String: ColumnElement {
  package static func elements(_ cell: Cell) throws(PostgresError) -> [String] {
    try arrayElements(cell, of: .textArray).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Splits the layout of `array_send` (see the encoder); arrays of several dimensions and arrays
/// that hold NULL are refused.
private func arrayElements(
  _ cell: Cell, of type: PostgresType
) throws(PostgresError) -> [ArraySlice<UInt8>] {
  var rest = try cell.bytes(of: [type])[...]
  func refuse(_ found: String) -> PostgresError {
    cell.error(found: found, expected: "\(type) of one dimension without NULL")
  }
  func integer() throws(PostgresError) -> Int {
    guard rest.count >= 4 else { throw refuse("a truncated value") }
    defer { rest.removeFirst(4) }
    return Int(Int32(truncatingIfNeeded: rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }))
  }
  let dimensions = try integer()
  _ = try integer()
  _ = try integer()
  if dimensions == 0 { return [] }
  guard dimensions == 1 else { throw refuse("\(dimensions) dimensions") }
  let count = try integer()
  _ = try integer()
  var elements: [ArraySlice<UInt8>] = []
  for _ in 0..<count {
    let length = try integer()
    guard length >= 0 else { throw refuse("NULL in element \(elements.count)") }
    guard rest.count >= length else { throw refuse("a truncated value") }
    elements.append(rest.prefix(length))
    rest.removeFirst(length)
  }
  return elements
}
