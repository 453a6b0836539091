extension RecordReader {
  /// Reads one JSON object; ids may be strings or numbers, other values keep their JSON spelling.
  func record(fromObjectOf row: RowScanner.Row) throws(RowProblem) -> Record {
    var parser = JSONObjectParser(bytes: scanner.bytes, range: row.range)
    var draft = RecordDraft()
    for member in try parser.parseObject() {
      switch (member.key, member.value) {
      case (_, .null):
        continue
      case ("id", .string(let value)), ("id", .number(let value)):
        draft.id = value
      case ("smiles", .string(let value)):
        draft.smiles = value
      case ("text", .string(let value)):
        draft.text = value
      case ("id", let value):
        throw RowProblem(field: "id", expected: "a string or a number", found: value.name)
      case ("smiles", let value), ("text", let value):
        throw RowProblem(field: member.key, expected: "a string", found: value.name)
      case (_, let value):
        draft.properties[member.key] = value.spelling
      }
    }
    return try draft.finished(row: row, required: options.required)
  }
}
