import AlignAPI
import Alignment
import Depiction
import HTTPDaemon
import Molecule

extension SearchService {
  static let explainOperations = [
    Operation(
      id: "explainScore", method: "POST", path: "/v1/explain", tag: "explain",
      summary: "Which atoms and which words carried a score",
      text: """
        With integrated_gradients the weights of all atoms and words and the baseline add up to the \
        score; with leave_one_out a weight is how much lower the score is without the part.
        """,
      scope: .read,
      body: .json(
        .object(
          [
            .required("query", .reference("Thing")),
            .required(
              "target",
              .oneOf([
                .reference("Thing"),
                .object([
                  .required("item", .integer.described("An item's id; from the database."))
                ]),
              ])),
            .optional(
              "method",
              .word(of: Explanation.Method.self).nullable.described(
                "By default integrated_gradients where the model allows it.")),
            .optional(
              "picture", .boolean.nullable.described("Whether svg is drawn; default true.")),
          ] + JSONSchema.pictureMembers)),
      answers: [.json(.reference("Explanation"))]
    ) { service, request in try await service.explain(request) }
  ]

  static let explainSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "Explanation",
      .object([
        .required("model", .string), .required("method", .word(of: Explanation.Method.self)),
        .required("score", .number),
        .required("baseline", .number.nullable.described("What is left without any part.")),
        .required(
          "atoms",
          .array(
            of: .object([
              .required("side", .word(["query", "target"])), .required("index", .integer),
              .required("weight", .number),
            ]))),
        .required(
          "words",
          .array(
            of: .object([
              .required("side", .word(["query", "target"])),
              .required("start", .integer.described("UTF-8 bytes.")), .required("end", .integer),
              .required("text", .string), .required("weight", .number),
            ]))),
        .required(
          "svg",
          .string.nullable.described(
            "The molecule, the target's where both are; null where none is drawn.")),
        .required("milliseconds", .map(of: .number)),
      ])
    )
  ]

  /// `POST /v1/explain`.
  private func explain(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let body = try ExplainBody(&fields, dimension: model.engine.model.dimension)
    let target = try await body.target(from: model.engine)
    return try await computation.run {
      let start = ContinuousClock.now
      let report: ScoreReport
      do throws(ExplanationError) {
        report = try ScoreReport(
          target, for: body.query, by: body.method, model: model.engine.model)
      } catch {
        throw APIError.invalid([.init(field: "method", detail: "\(error)")])
      }
      let explained = ContinuousClock.now
      let picture = body.draws ? report.picture(body.style) : nil
      let drawn = ContinuousClock.now
      return .json { json in
        json.name("model")
        json.string(model.name)
        report.writeMembers(to: &json)
        json.name("svg")
        json.string(picture?.text)
        json.name("milliseconds")
        json.object { json in
          json.name("explain")
          json.number((explained - start).milliseconds)
          json.name("picture")
          json.number((drawn - explained).milliseconds)
        }
      }
    }
  }
}

extension ScoreReport {
  /// The picture; nil without a molecule and where it is too large to be drawn.
  fileprivate func picture(_ style: DepictionStyle) -> SVGDocument? {
    guard let (graph, _) = molecule, graph.atoms.count <= MolecularGraph.drawnAtoms else {
      return nil
    }
    return (try? depiction())??.svg(style)
  }
}

/// The body of a request for an explanation, checked.
struct ExplainBody: Sendable {
  let query: SearchQuery
  let method: Explanation.Method?
  let draws: Bool
  let style: DepictionStyle
  private let stated: Target

  private enum Target {
    case query(SearchQuery)
    case item(Int64)
  }

  /// Takes the fields; throws ``APIError`` that names every wrong one.
  init(_ fields: inout RequestFields, dimension: Int) throws(APIError) {
    let query = fields.query("query", dimension: dimension)
    var stated: Target?
    if let document = fields.required("target") {
      fields.read(document, at: "target") { target in
        guard target.has("item") else {
          stated = StatedQuery(&target, dimension: dimension).map { .query($0.query) }
          return
        }
        if let id = target.integer("item") { stated = .item(Int64(id)) }
      }
    }
    method = fields.choice("method")
    draws = fields.boolean("picture") ?? true
    style = PictureFrameFields(&fields).style
    try fields.finish()
    guard let query, let stated else {
      preconditionFailure("fields without mistakes have two sides")
    }
    self.query = query
    self.stated = stated
  }

  /// What is scored; of an item with both, the side that the query would look for.
  ///
  /// Throws ``APIError``, `PoolError` and ``PostgresError``.
  func target(from engine: SearchEngine) async throws -> SearchQuery {
    let id: Int64
    switch stated {
    case .query(let query): return query
    case .item(let item): id = item
    }
    guard let sides = try await engine.sides(of: id) else {
      throw APIError.invalid([.init(field: "target.item", detail: "there is no item \(id)")])
    }
    return try sides.side(for: query)
  }
}
