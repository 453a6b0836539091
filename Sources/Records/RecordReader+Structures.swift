extension RecordReader {
  /// The next record of a structure-data file, `nil` at the end.
  ///
  /// Its id is the molfile's title; else a data item named `id`, or one whose name ends in `_id`,
  /// whatever the case; else `line N`. An item named `text` is the description. Other items with a
  /// value are properties; of two of one name the last counts.
  func nextStructure() throws(RecordsError) -> RecordOutcome? {
    let start = (line: scanner.line, byteOffset: scanner.byteOffset)
    var draft = StructureDraft(line: start.line, byteOffset: start.byteOffset)
    var bytes = 0
    while let row = try scanner.nextLine() {
      let line = scanner.bytes[row.range]
      if line.starts(with: StructureReader.separator) { return try outcome(of: draft, at: start) }
      bytes += row.range.count + 1
      if row.problem != nil || bytes > options.maximumRowBytes {
        draft.isTooLong = true
      } else {
        draft.take(line)
      }
    }
    return draft.isBlank ? nil : try outcome(of: draft, at: start)
  }

  private func outcome(
    of draft: StructureDraft, at start: (line: Int, byteOffset: Int)
  ) throws(RecordsError) -> RecordOutcome {
    let structure = draft.record(number: recordCount + 1, limit: options.maximumRowBytes)
    let row = RowScanner.Row(range: 0..<0, line: start.line, byteOffset: start.byteOffset)
    do throws(RowProblem) {
      if let problem = structure.problem {
        throw RowProblem(expected: problem.expected, found: problem.found)
      }
      return accept(try record(from: structure, row: row))
    } catch {
      var bad = row
      bad.beginning = Array(structure.molfile.prefix { $0 != 10 }.prefix(Self.maximumRawBytes))
      return .rejected(try reject(bad, for: error))
    }
  }

  private func record(
    from structure: StructureRecord, row: RowScanner.Row
  ) throws(RowProblem) -> Record {
    var draft = RecordDraft()
    draft.molfile = structure.molfile
    for item in structure.items where !item.value.isEmpty {
      if item.name.lowercased() == "text" {
        draft.text = item.value
      } else {
        draft.properties[item.name] = item.value
      }
    }
    let title = structure.molfile.prefix { $0 != 10 }.drop { $0 == 0x20 }
    draft.id = String(decoding: title, as: UTF8.self)
    while draft.id?.last == " " { draft.id?.removeLast() }
    if draft.id?.isEmpty != false { draft.id = Self.idItem(structure.items) }
    if draft.id?.isEmpty != false { draft.id = "line \(row.line)" }
    return try draft.finished(row: row, required: options.required)
  }

  /// The value of the first item that looks like an id.
  private static func idItem(_ items: [StructureRecord.Item]) -> String? {
    let exact = items.first { $0.name.lowercased() == "id" }
    return (exact ?? items.first { $0.name.lowercased().hasSuffix("_id") })?.value
  }
}
