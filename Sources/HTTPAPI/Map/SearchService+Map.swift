import AlignAPI
import Alignment
import HTTPDaemon

extension SearchService {
  static let mapOperations = [
    Operation(
      id: "getCorpusMap", method: "GET", path: "/v1/corpora/{corpus}/map", tag: "corpora",
      summary: "The molecules of a corpus in the plane",
      text: "Along the two directions in which their vectors differ most. A corpus with more "
        + "molecules than points is sampled by a hash of the ids. While a newer version is "
        + "computed, an older one answers; version says which.",
      scope: .read,
      parameters: [
        .init(name: "corpus", place: .path, schema: .string, text: "Its name."),
        .init(
          name: "points", place: .query, schema: .integer(mapPoints),
          text: "How many molecules at most; \(defaultMapPoints) by default."),
        .init(
          name: "descriptor", place: .query, schema: .word(of: Descriptor.self),
          text: "Adds its value for each point."),
      ],
      answers: [.json(.reference("CorpusMap"))]
    ) { service, request in try await service.map(request) }
  ]

  static let mapSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "CorpusMap",
      .object([
        .required("corpus", .string), .required("version", .integer),
        .required("dimension", .integer(2...2)),
        .required("molecules", .integer.described("Molecules of the corpus, shown or not.")),
        .required(
          "variance",
          .array(of: .number(0...1), 2...2).described(
            "The share of the vectors' variance along each direction.")),
        .required(
          "clusters",
          .array(
            of: .object([
              .required("size", .integer),
              .required("center", .integer.described("The item nearest to the middle.")),
            ])
          ).described("Molecules that lie together; the largest first.")),
        .required(
          "points",
          .array(of: .array(of: .number, 4...4)).described(
            "Item, x, y, and the place of its cluster.")),
        .optional("descriptor", .word(of: Descriptor.self)),
        .optional(
          "values",
          .array(of: .number.nullable).described("The descriptor's value for each point.")),
      ])
    )
  ]

  private static let mapPoints = 1...CorpusMap.mostPoints
  private static let defaultMapPoints = 20_000

  /// `GET /v1/corpora/{corpus}/map`.
  private func map(_ request: HTTPRequest) async throws -> HTTPResponse {
    let model = try model()
    let question = try MapQuestion(request.target.query, points: Self.mapPoints)
    let name = request.pathParameters["corpus"] ?? ""
    let corpora = model.engine.corpora
    guard let corpus = corpora.corpora.first(where: { $0.name == name }) else {
      return ProblemDetails(
        status: .notFound, detail: "There is no corpus '\(name.echoed)'."
      ).response()
    }
    let map = await maps.map(
      of: corpus, in: corpora, model: model.checksum, dimension: model.engine.model.dimension)
    let count = min(question.points ?? Self.defaultMapPoints, map.points.count)
    let word = question.descriptor?.rawValue ?? "none"
    let tag = "\"\(model.checksum.prefix(12))-\(corpus.id)-\(map.version)-\(count)-\(word)\""
    let headers: HTTPHeaders = ["ETag": tag, "Cache-Control": "private, no-cache"]
    if request.headers.values(of: "If-None-Match").contains(where: { $0.contains(tag) }) {
      return HTTPResponse(status: .notModified, headers: headers)
    }
    var response = HTTPResponse(
      contentType: "application/json", body: map.encoded(count, question.descriptor))
    for field in headers.fields { response.headers.add(field.name, field.value) }
    return response
  }
}

/// The query of a map, checked.
private struct MapQuestion {
  var points: Int?
  var descriptor: Descriptor?

  /// Throws ``APIError`` that names every wrong parameter.
  init(_ query: [RequestTarget.Parameter], points range: ClosedRange<Int>) throws(APIError) {
    var mistakes: [ProblemDetails.Item] = []
    for parameter in query {
      let found = "found '\(parameter.value.echoed)', expected "
      switch parameter.name {
      case "points":
        points = Int(parameter.value).flatMap { range.contains($0) ? $0 : nil }
        if points == nil {
          let bounds = "an integer from \(range.lowerBound) to \(range.upperBound)"
          mistakes.append(.init(field: "points", detail: found + bounds))
        }
      case "descriptor":
        descriptor = Descriptor(rawValue: parameter.value)
        if descriptor == nil {
          let words = Descriptor.allCases.map(\.rawValue).joined(separator: ", ")
          mistakes.append(.init(field: "descriptor", detail: found + "one of \(words)"))
        }
      default:
        mistakes.append(
          .init(
            field: parameter.name.echoed, detail: "unknown; expected points or descriptor"))
      }
    }
    if !mistakes.isEmpty { throw .invalid(Array(mistakes.prefix(16))) }
  }
}

extension CorpusMap {
  /// The first points as JSON.
  fileprivate func encoded(_ count: Int, _ descriptor: Descriptor?) -> [UInt8] {
    var json = JSONWriter(capacity: 256 + 40 * count)
    json.object { json in
      json.name("corpus")
      json.string(corpus)
      json.name("version")
      json.integer(version)
      json.name("dimension")
      json.integer(2)
      json.name("molecules")
      json.integer(molecules)
      json.name("variance")
      json.array { json in
        for share in variance { json.number(share) }
      }
      json.name("clusters")
      json.array { json in
        for cluster in clusters {
          json.object { json in
            json.name("size")
            json.integer(cluster.size)
            json.name("center")
            json.integer(cluster.center)
          }
        }
      }
      json.name("points")
      json.array { json in
        for point in points.prefix(count) {
          json.array { json in
            json.integer(point.id)
            json.number(point.x.rounded(to: 10_000))
            json.number(point.y.rounded(to: 10_000))
            json.integer(point.cluster)
          }
        }
      }
      guard let descriptor else { return }
      json.name("descriptor")
      json.string(descriptor.rawValue)
      json.name("values")
      json.array { json in
        for value in values(descriptor).prefix(count) {
          if value.isFinite { json.number(value) } else { json.null() }
        }
      }
    }
    return json.bytes
  }
}

extension Float {
  /// The nearest multiple of 1/steps.
  fileprivate func rounded(to steps: Float) -> Float { (self * steps).rounded() / steps }
}
