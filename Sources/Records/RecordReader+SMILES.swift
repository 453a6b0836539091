extension RecordReader {
  /// Whether a line of a SMILES file states nothing: it begins with `#`.
  func isComment(_ row: RowScanner.Row) -> Bool {
    format == .smi && scanner.bytes[row.range.lowerBound] == UInt8(ascii: "#")
  }

  /// Reads `SMILES`, an extension between bars if there is one, and the id behind white space.
  ///
  /// The extension stays with the SMILES, behind one space. A line without an id is called after its
  /// number: `line 7`.
  func record(fromSMILESLine row: RowScanner.Row) throws(RowProblem) -> Record {
    func blank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var rest = scanner.bytes[row.range].drop(while: blank)
    while let last = rest.last, blank(last) { rest.removeLast() }
    let statement = rest.prefix { !blank($0) }
    var end = statement.endIndex
    rest = rest[end...].drop(while: blank)
    var draft = RecordDraft()
    draft.smiles = try string(statement.startIndex..<end, of: scanner.bytes, named: "smiles")
    if rest.first == UInt8(ascii: "|") {
      end = (rest.dropFirst().firstIndex(of: UInt8(ascii: "|")) ?? rest.endIndex - 1) + 1
      let tail = try string(rest.startIndex..<end, of: scanner.bytes, named: "smiles")
      draft.smiles?.append(" " + tail)
      rest = rest[end...].drop(while: blank)
    }
    let id = try string(rest.startIndex..<rest.endIndex, of: scanner.bytes, named: "id")
    draft.id = id.isEmpty ? "line \(row.line)" : id
    return try draft.finished(row: row, required: options.required)
  }
}
