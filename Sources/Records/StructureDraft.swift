/// A record of a structure-data file whose lines are still coming.
struct StructureDraft {
  private enum Part { case molfile, betweenItems, item }

  let line: Int
  let byteOffset: Int
  var isTooLong = false
  private var part = Part.molfile
  private var lines = 0
  private var molfile: [UInt8] = []
  private var items: [StructureRecord.Item] = []
  private var name = ""
  private var value: [UInt8] = []
  private var problem: RecordProblem?

  init(line: Int, byteOffset: Int) {
    self.line = line
    self.byteOffset = byteOffset
  }

  /// Whether nothing but empty lines came: the end of a file, not a record.
  var isBlank: Bool { !isTooLong && items.isEmpty && molfile.allSatisfy { $0 == 10 || $0 == 32 } }

  mutating func take(_ line: ArraySlice<UInt8>) {
    lines += 1
    switch part {
    case .molfile:
      // The header may hold any text.
      if lines > 4, line.first == UInt8(ascii: ">") {
        openItem(line)
        return
      }
      molfile += line
      molfile.append(UInt8(ascii: "\n"))
      if lines > 4, line.starts(with: "M  END".utf8) { part = .betweenItems }
    case .betweenItems:
      if line.first == UInt8(ascii: ">") {
        openItem(line)
      } else if !line.isEmpty, problem == nil {
        let found = String(decoding: line.prefix(60), as: UTF8.self)
        problem = RecordProblem(expected: "a data item or $$$$", found: "'\(found)'")
      }
    case .item:
      if line.isEmpty {
        closeItem()
        part = .betweenItems
        return
      }
      if !value.isEmpty { value.append(UInt8(ascii: "\n")) }
      value += line
    }
  }

  /// `> <name>`, `> 25 <name> (registry)`, `> DT12`.
  private mutating func openItem(_ line: ArraySlice<UInt8>) {
    part = .item
    value = []
    let header = line.dropFirst()
    if let open = header.firstIndex(of: UInt8(ascii: "<")),
      let close = header.lastIndex(of: UInt8(ascii: ">")), close > open
    {
      name = String(decoding: header[(open + 1)..<close], as: UTF8.self)
    } else {
      name = String(decoding: header.drop { $0 == 32 }, as: UTF8.self)
    }
  }

  private mutating func closeItem() {
    items.append(.init(name: name, value: String(decoding: value, as: UTF8.self)))
  }

  func record(number: Int, limit: Int) -> StructureRecord {
    var copy = self
    if part == .item { copy.closeItem() }
    let reason =
      isTooLong
      ? RecordProblem(expected: "at most \(limit) bytes in a record", found: "more") : problem
    return StructureRecord(
      number: number, line: line, byteOffset: byteOffset, molfile: copy.molfile,
      items: copy.items, problem: reason)
  }
}
