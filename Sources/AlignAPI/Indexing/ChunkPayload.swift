import Foundation
import Records

/// What a chunk carries: rows as they were read and bad rows, or the items of a corpus.
enum ChunkPayload: Sendable, Equatable {
  case rows([RecordOutcome])
  case items([Int64])
}

extension ChunkPayload {
  /// The payload in bytes: a letter for the kind, the number of entries, the entries.
  ///
  /// Numbers are unsigned LEB128, texts their length and UTF-8, absent texts the length 0 before
  /// a present one's length plus 1.
  var bytes: [UInt8] {
    var output = PayloadOutput()
    switch self {
    case .items(let ids):
      output.bytes.append(UInt8(ascii: "i"))
      output.number(ids.count)
      for id in ids { output.number(Int(id)) }
    case .rows(let rows):
      output.bytes.append(UInt8(ascii: "r"))
      output.number(rows.count)
      for row in rows {
        switch row {
        case .record(let record): output.record(record)
        case .rejected(let reject): output.reject(reject)
        }
      }
    }
    return output.bytes
  }

  /// Reads ``bytes``; `path` is the job's.
  ///
  /// Throws ``IndexError/damagedChunk`` for anything else.
  init(_ bytes: [UInt8], path: String) throws(IndexError) {
    var input = PayloadInput(bytes: bytes, path: path)
    switch try input.byte() {
    case UInt8(ascii: "i"):
      var ids: [Int64] = []
      for _ in 0..<(try input.number()) { ids.append(Int64(try input.number())) }
      self = .items(ids)
    case UInt8(ascii: "r"):
      var rows: [RecordOutcome] = []
      for _ in 0..<(try input.number()) { rows.append(try input.row()) }
      self = .rows(rows)
    default: throw .damagedChunk
    }
  }
}

private struct PayloadOutput {
  var bytes: [UInt8] = []

  mutating func number(_ value: Int) {
    precondition(value >= 0, "\(value) in a payload")
    var rest = UInt64(value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func text(_ value: (some Collection<UInt8>)?) {
    guard let value else { return number(0) }
    number(value.count + 1)
    bytes += value
  }

  mutating func record(_ record: Record) {
    bytes.append(UInt8(ascii: "+"))
    number(record.line)
    number(record.byteOffset)
    text(record.id.utf8)
    text(record.smiles?.utf8)
    text(record.molfile)
    text(record.text?.utf8)
    number(record.properties.count)
    for (name, value) in record.properties {
      text(name.utf8)
      text(value.utf8)
    }
  }

  mutating func reject(_ reject: RejectedRecord) {
    bytes.append(UInt8(ascii: "-"))
    number(reject.line)
    number(reject.byteOffset)
    text(reject.field?.utf8)
    text(reject.found.utf8)
    text(reject.expected.utf8)
    text(reject.raw.utf8)
  }
}

private struct PayloadInput {
  let bytes: [UInt8]
  let path: String
  var place = 0

  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  mutating func byte() throws(IndexError) -> UInt8 {
    guard place < bytes.count else { throw .damagedChunk }
    defer { place += 1 }
    return bytes[place]
  }

  mutating func number() throws(IndexError) -> Int {
    var (value, shift) = (UInt64(0), UInt64(0))
    while true {
      let next = try byte()
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { break }
      shift += 7
      if shift > 56 { throw .damagedChunk }
    }
    return Int(value)
  }

  mutating func slice() throws(IndexError) -> ArraySlice<UInt8>? {
    let count = try number() - 1
    if count < 0 { return nil }
    guard count <= bytes.count - place else { throw .damagedChunk }
    defer { place += count }
    return bytes[place..<place + count]
  }

  mutating func text() throws(IndexError) -> String? {
    try slice().map { String(decoding: $0, as: UTF8.self) }
  }

  mutating func row() throws(IndexError) -> RecordOutcome {
    let kind = try byte()
    let (line, byteOffset) = (try number(), try number())
    if kind == UInt8(ascii: "-") {
      return .rejected(
        RejectedRecord(
          file: path, line: line, byteOffset: byteOffset, field: try text(),
          found: try text() ?? "", expected: try text() ?? "", raw: try text() ?? ""))
    }
    guard let id = try text() else { throw .damagedChunk }
    let (smiles, molfile, text) = (try self.text(), try slice().map { Array($0) }, try self.text())
    var properties: [String: String] = [:]
    for _ in 0..<(try number()) {
      guard let name = try self.text(), let value = try self.text() else { throw .damagedChunk }
      properties[name] = value
    }
    return .record(
      Record(
        id: id, smiles: smiles, molfile: molfile, text: text, properties: properties, line: line,
        byteOffset: byteOffset))
  }
}
