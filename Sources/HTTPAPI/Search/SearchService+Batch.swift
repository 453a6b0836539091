import AlignAPI
import Alignment
import HTTPDaemon

extension SearchService {
  /// Searches of one request.
  static let batchSearches = 1...32

  static let batchOperations = [
    Operation(
      id: "searchBatch", method: "POST", path: "/v1/search/batch", tag: "search",
      summary: "Several searches at once",
      text: "Answers come in the order of the searches; one that fails spoils no other.",
      scope: .read,
      body: .json(
        .object([
          .required("searches", .array(of: .reference("SearchRequest"), batchSearches))
        ])),
      answers: [.json(.reference("SearchAnswers"))]
    ) { service, request in try await service.searchBatch(request) }
  ]

  static let batchSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "SearchAnswers",
      .object([
        .required(
          "answers",
          .array(
            of: .oneOf([
              .reference("SearchAnswer"), .object([.required("problem", .reference("Problem"))]),
            ])))
      ])
    )
  ]

  /// `POST /v1/search/batch`: the searches wait together, so that they share batches.
  func searchBatch(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let searches = fields.array("searches", count: Self.batchSearches)
    try fields.finish()
    let answers = await withTaskGroup(of: (Int, [UInt8]).self) { group in
      for (place, document) in searches.enumerated() {
        group.addTask { (place, await self.answer(document, model)) }
      }
      return await group.reduce(into: [[UInt8]](repeating: [], count: searches.count)) {
        $0[$1.0] = $1.1
      }
    }
    var json = JSONWriter(capacity: 64 + answers.reduce(0) { $0 + $1.count })
    json.object { json in
      json.name("answers")
      json.array { json in
        for answer in answers { json.spelled(String(decoding: answer, as: UTF8.self)) }
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }

  /// The answer to one search as JSON, or `{"problem": …}`.
  private func answer(_ document: JSONDocument, _ model: Model) async -> [UInt8] {
    do {
      var fields = try RequestFields(document)
      let search = try SearchBody(&fields, dimension: model.engine.model.dimension)
      return search.answer(from: model, try await model.engine.search(search.request))
    } catch {
      let error = APIError(error, log: requestLog)
      if let refusal = error.refusal { requests.count(refusal) }
      var json = JSONWriter()
      json.object { json in
        json.name("problem")
        json.spelled(String(decoding: error.problem.encoded(), as: UTF8.self))
      }
      return json.bytes
    }
  }
}
