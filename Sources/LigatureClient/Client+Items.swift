import Foundation

/// An item.
public struct Item: Decodable, Sendable, Equatable {
  /// Its number.
  public let id: Int64
  /// The corpus's name.
  public let corpus: String
  /// The item's id in its corpus.
  public let sourceId: String
  /// All ids that stand for it.
  public let sourceIds: [String]
  /// SMILES.
  public let smiles: String?
  /// The text.
  public let text: String?
  /// Values by name.
  public let properties: [String: JSONValue]
  /// When it was last written (RFC 3339).
  public let updatedAt: String
  /// "created", "updated" or "unchanged", in the answer to a write.
  public let status: String?
  /// Servers that have this version of the corpus show the item; in the answer to a write.
  public let corpusVersion: Int64?
}

/// What was deleted.
public struct DeletedItem: Decodable, Sendable, Equatable {
  /// Its number.
  public let id: Int64
  /// What became of it.
  public let status: String
  /// The corpus's version with the write.
  public let corpusVersion: Int64
}

/// A page of items.
public struct ItemList: Decodable, Sendable {
  /// The items; how many, of a corpus.
  public let items: [Item]
  /// Nil on the last page.
  public let cursor: String?
}

/// What a source id stands for.
public struct ItemContent: Encodable, Sendable, Equatable {
  /// SMILES.
  public var smiles: String?
  /// The text.
  public var text: String?
  /// Values by name.
  public var properties: [String: JSONValue]?

  /// With these parts.
  public init(
    smiles: String? = nil, text: String? = nil, properties: [String: JSONValue]? = nil
  ) {
    self.smiles = smiles
    self.text = text
    self.properties = properties
  }
}

/// One line of many: a put, or a deletion.
public struct ItemLine: Encodable, Sendable, Equatable {
  /// The item's id in its corpus.
  public var sourceId: String
  /// SMILES.
  public var smiles: String?
  /// The text.
  public var text: String?
  /// Values by name.
  public var properties: [String: JSONValue]?
  /// True deletes it.
  public var delete: Bool?

  /// Puts an item.
  public static func put(_ sourceId: String, _ content: ItemContent) -> ItemLine {
    ItemLine(
      sourceId: sourceId, smiles: content.smiles, text: content.text,
      properties: content.properties)
  }
  /// Deletes a source id.
  public static func delete(_ sourceId: String) -> ItemLine {
    ItemLine(sourceId: sourceId, delete: true)
  }
}

/// What became of a line.
public struct ItemLineResult: Decodable, Sendable {
  /// Its line, from 1.
  public let line: Int
  /// The item's id in its corpus.
  public let sourceId: String?
  /// "created", "updated", "unchanged", "deleted" or "refused".
  public let status: String
  /// Its number.
  public let id: Int64?
  /// What is wrong; nil where nothing is.
  public let problem: JSONValue?
}

extension Client {
  /// A page of items, by ascending number.
  public func listItems(
    _ corpus: String, limit: Int? = nil, cursor: String? = nil
  ) async throws -> Answer<ItemList> {
    try await value(
      Call(
        operation: .listItems, path: ["corpus": corpus],
        query: [("limit", limit.map(String.init)), ("cursor", cursor)]))
  }

  /// Puts and deletes many items; a result for each, in order, once it is committed.
  public func writeItems(
    _ corpus: String, _ lines: [ItemLine], idempotencyKey: String? = nil
  ) async throws -> AsyncThrowingStream<ItemLineResult, any Error> {
    var body = Data()
    for line in lines {
      body.append(try Self.encoder.encode(line))
      body.append(UInt8(ascii: "\n"))
    }
    return try await objects(
      Call(
        operation: .writeItems, path: ["corpus": corpus], headers: [keyed(idempotencyKey)],
        body: body, contentType: "application/x-ndjson"))
  }

  /// The item that a source id stands for.
  public func getItem(_ corpus: String, _ sourceID: String) async throws -> Answer<Item> {
    try await value(
      Call(operation: .getItem, path: ["corpus": corpus, "source_id": sourceID]))
  }

  /// An item by its number in results.
  public func getItemByNumber(_ id: Int64) async throws -> Answer<Item> {
    try await value(Call(operation: .getItemByNumber, path: ["id": "\(id)"]))
  }

  /// Adds an item or changes it; answered when it is committed.
  public func putItem(
    _ corpus: String, _ sourceID: String, _ content: ItemContent, ifMatch: String? = nil,
    ifNoneMatch: String? = nil, idempotencyKey: String? = nil
  ) async throws -> Answer<Item> {
    try await value(
      Call(
        operation: .putItem, path: ["corpus": corpus, "source_id": sourceID],
        headers: [
          keyed(idempotencyKey), ("If-Match", ifMatch), ("If-None-Match", ifNoneMatch),
        ], body: Self.encoder.encode(content)))
  }

  /// Deletes a source id, and the item when it was its last.
  public func deleteItem(
    _ corpus: String, _ sourceID: String, ifMatch: String? = nil, ifNoneMatch: String? = nil,
    idempotencyKey: String? = nil
  ) async throws -> Answer<DeletedItem> {
    try await value(
      Call(
        operation: .deleteItem, path: ["corpus": corpus, "source_id": sourceID],
        headers: [
          keyed(idempotencyKey), ("If-Match", ifMatch), ("If-None-Match", ifNoneMatch),
        ]))
  }
}
