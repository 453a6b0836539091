package import Records

/// What is to become of one source id.
package enum ItemChange: Sendable {
  /// It stands for this molecule, text and properties from now on.
  case put(Record)
  /// It stands for nothing any more.
  case delete(String)

  /// The source id.
  package var sourceID: String {
    switch self {
    case .put(let record): record.id
    case .delete(let id): id
    }
  }
}

extension Record {
  /// A row of no file; an empty molecule or text is none.
  package init(
    sourceID: String, smiles: String?, text: String?, properties: [String: String],
    number: Int = 1
  ) {
    self.init(
      id: sourceID, smiles: smiles.flatMap { $0.isEmpty ? nil : $0 },
      text: text.flatMap { $0.isEmpty ? nil : $0 }, properties: properties, line: number,
      byteOffset: 0)
  }
}

/// What became of one source id.
package struct ItemResult: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case created, updated, unchanged, deleted, refused
  }

  package var status: Status
  /// The item that it stands for, or stood for; nil where there is none.
  package var itemID: Int64?
  /// Why it was refused.
  package var refusal: RejectedRecord?

  package init(_ status: Status, itemID: Int64? = nil, refusal: RejectedRecord? = nil) {
    self.status = status
    self.itemID = itemID
    self.refusal = refusal
  }
}

/// What one transaction did.
package struct ItemWriteOutcome: Sendable {
  /// In the order of the changes.
  package let results: [ItemResult]
  /// The corpus's version from then on.
  package let version: Int64
}

extension RejectedRecord {
  /// A source id that is to be deleted and is not there.
  static func unknownSource(_ id: String, line: Int) -> RejectedRecord {
    RejectedRecord(
      file: "", line: line, byteOffset: 0, field: "id", found: "one that the corpus has not",
      expected: "one that it has", raw: id)
  }
}
