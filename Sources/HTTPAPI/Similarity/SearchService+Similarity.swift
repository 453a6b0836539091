import AlignAPI
import Alignment
import HTTPDaemon

extension SearchService {
  /// Pairs of one request for scores.
  static let similarityPairs = 1...256
  /// Candidates of one request for a ranking.
  static let rankCandidates = 1...1000

  static let similarityOperations = [
    Operation(
      id: "getSimilarity", method: "POST", path: "/v1/similarity", tag: "similarity",
      summary: "Scores of pairs, as a search would give them",
      text: "The right side of a pair is scored as an item that the left side looks for.",
      scope: .read,
      body: .json(
        .object([
          .required(
            "pairs",
            .array(
              of: .object([
                .required("left", .reference("Thing")), .required("right", .reference("Thing")),
              ]), similarityPairs))
        ])),
      answers: [
        .json(
          .object([.required("model", .string), .required("scores", .array(of: .number))]))
      ]
    ) { service, request in try await service.similarity(request) },
    Operation(
      id: "rank", method: "POST", path: "/v1/rank", tag: "similarity",
      summary: "Given candidates in the order of their scores for a query",
      text: "Equal scores stay in the order of the candidates.", scope: .read,
      body: .json(
        .object([
          .required("query", .reference("Thing")),
          .required("candidates", .array(of: .reference("Thing"), rankCandidates)),
          .optional("k", .integer(rankCandidates).nullable.described("How many; by default all.")),
        ])),
      answers: [.json(.reference("Ranking"))]
    ) { service, request in try await service.rank(request) },
  ]

  static let similaritySchemas: [(name: String, schema: JSONSchema)] = [
    (
      "Thing",
      JSONSchema.object(JSONSchema.queryMembers)
        .described("Exactly one of text, smiles, molfile and vector.")
    ),
    (
      "Ranking",
      .object([
        .required("model", .string),
        .required(
          "ranking",
          .array(
            of: .object([
              .required("rank", .integer), .required("index", .integer),
              .required("score", .number),
            ]))),
      ])
    ),
  ]

  /// `POST /v1/similarity`.
  private func similarity(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let dimension = model.engine.model.dimension
    var queries: [SearchQuery] = []
    var items: [SearchQuery] = []
    let documents = fields.array("pairs", count: Self.similarityPairs)
    for (place, document) in documents.enumerated() {
      if fields.isFull { break }
      fields.read(document, at: "pairs[\(place)]") { pair in
        let left = pair.query("left", dimension: dimension)
        let right = pair.query("right", dimension: dimension)
        guard let left, let right else { return }
        queries.append(left)
        items.append(right)
      }
    }
    try fields.finish()
    let scores = try await model.scores(of: items, for: queries, on: computation)
    var json = JSONWriter(capacity: 64 + 14 * scores.count)
    json.object { json in
      json.name("model")
      json.string(model.name)
      json.name("scores")
      json.array { json in
        for score in scores { json.number(score) }
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }

  /// `POST /v1/rank`.
  private func rank(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let dimension = model.engine.model.dimension
    let query = fields.query("query", dimension: dimension)
    var items: [SearchQuery] = []
    let documents = fields.array("candidates", count: Self.rankCandidates)
    for (place, document) in documents.enumerated() {
      if fields.isFull { break }
      fields.read(document, at: "candidates[\(place)]") { candidate in
        let stated = StatedQuery(&candidate, dimension: dimension)
        if let stated { items.append(stated.query) }
      }
    }
    let count = fields.integer("k") ?? Self.rankCandidates.upperBound
    if !Self.rankCandidates.contains(count) {
      fields.refuse(.countOutOfRange(found: count, expected: Self.rankCandidates))
    }
    try fields.finish()
    guard let query else { preconditionFailure("a ranking without mistakes has a query") }
    let scores = try await model.scores(of: items, for: [query], on: computation)
    let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    var json = JSONWriter(capacity: 64 + 48 * scores.count)
    json.object { json in
      json.name("model")
      json.string(model.name)
      json.name("ranking")
      json.array { json in
        for (place, index) in order.prefix(count).enumerated() {
          json.object { json in
            json.name("rank")
            json.integer(place + 1)
            json.name("index")
            json.integer(index)
            json.name("score")
            json.number(scores[index])
          }
        }
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }
}
