import AlignAPI

extension SearchService {
  static let searchOperations = [
    Operation(
      id: "search", method: "POST", path: "/v1/search", tag: "search",
      summary: "The molecules or texts that fit a text, a molecule or a vector best",
      text: "Exactly one of text, smiles, molfile and vector is given.",
      scope: .read, body: .json(.reference("SearchRequest")),
      answers: [.json(.reference("SearchAnswer"))]
    ) { service, request in try await service.search(request) }
  ]

  static let searchSchemas: [(name: String, schema: JSONSchema)] = [
    ("SearchRequest", searchRequest), ("Filter", filter), ("SearchResult", searchResult),
    ("SearchAnswer", searchAnswer),
  ]

  private static let searchRequest = JSONSchema.object(
    JSONSchema.queryMembers + [
      .optional(
        "target",
        .word(of: SearchTarget.self).nullable.described(
          "What is ranked; by default texts for a molecule, else molecules.")),
      .optional("k", .integer(SearchRequest.counts).nullable),
      .optional("corpus", .string.nullable),
      .optional("filter", .reference("Filter").nullable),
      .optional("ranking", .word(of: SearchRanking.self).nullable),
      .optional("diversity", .number(0...1).nullable),
      .optional("group_by", .word(["scaffold"]).nullable),
      .optional("cursor", .string.nullable),
    ])

  private static let filter: JSONSchema = {
    let word = JSONSchema.string(1...SearchFilter.textLimit)
    let bound = JSONSchema.number.nullable
    let many = JSONSchema.array(of: .reference("Filter"), 1...SearchFilter.leafLimit)
    return JSONSchema.oneOf([
      .object([.required("and", many)]), .object([.required("or", many)]),
      .object([.required("not", .reference("Filter"))]), .object([.required("corpus", word)]),
      .object([.required("kind", .word(of: ItemKind.self))]),
      .object([
        .required("descriptor", .word(of: Descriptor.self)), .optional("min", bound),
        .optional("max", bound),
      ]),
      .object([
        .required("property", word), .optional("min", bound), .optional("max", bound),
        .optional("equals", .string.nullable),
      ]),
      .object([.required("substructure", word.described("SMARTS."))]),
      .object([
        .required("similar_to", word.described("SMILES.")), .optional("tanimoto", .number(0...1)),
      ]),
      .object([.required("text_contains", word)]),
    ]).described("What items must meet; at most 64 filters in 16 levels.")
  }()

  private static let searchResult = JSONSchema.object([
    .required("rank", .integer), .required("id", .integer), .required("source_id", .string),
    .required("source_ids", .array(of: .string)), .required("corpus", .string),
    .required("score", .number), .required("smiles", .string.nullable),
    .required("text", .string.nullable), .required("properties", .object([], isOpen: true)),
    .optional("ranks", .map(of: .integer)), .optional("scaffold", .string),
    .optional("group_size", .integer),
  ])

  private static let searchAnswer = JSONSchema.object([
    .required("model", .string),
    .required(
      "query",
      .object([
        .optional("text", .string), .optional("smiles", .string),
        .optional("vector_length", .integer), .required("target", .word(of: SearchTarget.self)),
        .required("k", .integer), .required("corpus", .string.nullable),
        .required("ranking", .word(of: SearchRanking.self)),
      ])),
    .required("results", .array(of: .reference("SearchResult"))),
    .required(
      "index",
      .object([
        .required("kind", .string), .required("recall@10", .number(0...1).nullable),
      ]).nullable),
    .required("cursor", .string.nullable),
    .required("milliseconds", .map(of: .number)),
  ])
}
