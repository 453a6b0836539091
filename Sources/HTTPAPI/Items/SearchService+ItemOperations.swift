import AlignAPI
import HTTPDaemon

extension SearchService {
  static let corpusParameter = Operation.Parameter(
    name: "corpus", place: .path, schema: .string(1...ItemBody.longestName),
    text: "The corpus's name.")

  private static let sourceParameter = Operation.Parameter(
    name: "source_id", place: .path, schema: .string(1...ItemBody.longestName),
    text: "The item's id in its corpus.")

  static let itemOperations = [
    Operation(
      id: "listItems", method: "GET", path: "/v1/corpora/{corpus}/items", tag: "items",
      summary: "Items of a corpus, by ascending number", scope: .read,
      parameters: [
        corpusParameter,
        .init(
          name: "limit", place: .query, schema: .integer(ItemCursor.limits),
          text: "How many; \(ItemCursor.defaultLimit) by default."),
        .init(
          name: "cursor", place: .query, schema: .string,
          text: "Goes on behind the page whose answer had this cursor."),
      ],
      answers: [.json(.reference("ItemList"))]
    ) { service, request in try await service.itemList(request) },
    Operation(
      id: "writeItems", method: "POST", path: "/v1/corpora/{corpus}/items", tag: "items",
      summary: "Put and delete many items, one a line",
      text: """
        Lines are worked on in order, in transactions of at most \(ItemWriting.batchRows) lines. A \
        line's result is sent when its transaction is committed. A refused line stops nothing.
        """,
      scope: .write, parameters: [corpusParameter, WriteContext.parameter],
      body: .init(contents: [("application/x-ndjson", .reference("ItemLine"))]),
      bodyLimit: ItemBody.longestBatch,
      answers: [
        .init(
          status: .ok, text: "One result a line.",
          contents: [("application/x-ndjson", .reference("ItemLineResult"))])
      ], problems: [.conflict]
    ) { service, request in try await service.writeItems(request) },
    Operation(
      id: "getItem", method: "GET", path: "/v1/corpora/{corpus}/items/{source_id}", tag: "items",
      summary: "The item that a source id stands for", scope: .read,
      parameters: [corpusParameter, sourceParameter], answers: [.json(.reference("Item"))],
      problems: [.unprocessableContent]
    ) { service, request in try await service.item(request) },
    Operation(
      id: "putItem", method: "PUT", path: "/v1/corpora/{corpus}/items/{source_id}", tag: "items",
      summary: "Add an item, or change what a source id stands for",
      text: "The corpus is made when there is none. Answered when it is committed.",
      scope: .write,
      parameters: [corpusParameter, sourceParameter, WriteContext.parameter]
        + WritePrecondition.parameters,
      body: .json(.object(ItemBody.members)), bodyLimit: ItemBody.longestBody,
      answers: [
        .json(.reference("WrittenItem"), "It was there."),
        .json(.reference("WrittenItem"), status: .created, "It is new."),
      ], problems: [.conflict, .preconditionFailed, .insufficientStorage]
    ) { service, request in try await service.putItem(request) },
    Operation(
      id: "deleteItem", method: "DELETE", path: "/v1/corpora/{corpus}/items/{source_id}",
      tag: "items", summary: "Delete a source id, and the item when it was its last",
      scope: .write,
      parameters: [corpusParameter, sourceParameter, WriteContext.parameter]
        + WritePrecondition.parameters,
      answers: [.json(.reference("DeletedItem"))],
      problems: [.conflict, .preconditionFailed, .unprocessableContent]
    ) { service, request in try await service.deleteItem(request) },
    Operation(
      id: "getItemByNumber", method: "GET", path: "/v1/items/{id}", tag: "items",
      summary: "An item by its number in results", scope: .read,
      parameters: [
        .init(name: "id", place: .path, schema: .integer(1...Int.max), text: "The item's number.")
      ],
      answers: [.json(.reference("Item"))]
    ) { service, request in try await service.itemByNumber(request) },
  ]

  static let itemSchemas: [(name: String, schema: JSONSchema)] = [
    ("Item", .object(ItemRecord.members)),
    (
      "WrittenItem",
      .object(
        ItemRecord.members + [
          .required("status", .word(["created", "updated", "unchanged"])),
          .required("corpus_version", .integer.described("Servers that have it show the item.")),
        ])
    ),
    (
      "DeletedItem",
      .object([
        .required("id", .integer), .required("corpus", .string), .required("source_id", .string),
        .required("status", .word(["deleted"])), .required("corpus_version", .integer),
      ])
    ),
    (
      "ItemList",
      .object([
        .required("items", .array(of: .reference("Item"))),
        .required("cursor", .string.nullable.described("Null on the last page.")),
      ])
    ),
    (
      "ItemLine",
      .object(
        [.required("source_id", .string(1...ItemBody.longestName))] + ItemBody.members + [
          .optional(
            "delete", .boolean.described("True: deletes it; then nothing else is given.").nullable)
        ])
    ),
    (
      "ItemLineResult",
      .object([
        .required("line", .integer), .optional("source_id", .string),
        .required("status", .word(of: ItemResult.Status.self)), .optional("id", .integer),
        .optional("problem", .reference("Problem")),
      ])
    ),
  ]
}
