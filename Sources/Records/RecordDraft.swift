/// A record whose fields are still being collected.
struct RecordDraft {
  var id: String?
  var smiles: String?
  var molfile: [UInt8]?
  var text: String?
  var properties: [String: String] = [:]

  /// The record, or the first field that is needed and absent or empty.
  func finished(row: RowScanner.Row, required: RequiredFields) throws(RowProblem) -> Record {
    guard let id, !id.isEmpty else { throw Self.missing("id") }
    let smiles = smiles.flatMap { $0.isEmpty ? nil : $0 }
    let text = text.flatMap { $0.isEmpty ? nil : $0 }
    if required.contains(.smiles), smiles == nil { throw Self.missing("smiles") }
    if required.contains(.text), text == nil { throw Self.missing("text") }
    return Record(
      id: id, smiles: smiles, molfile: molfile, text: text, properties: properties,
      line: row.line, byteOffset: row.byteOffset)
  }

  private static func missing(_ field: String) -> RowProblem {
    RowProblem(field: field, expected: "a value", found: "none")
  }
}
