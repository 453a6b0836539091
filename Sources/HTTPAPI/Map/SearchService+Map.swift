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

  static let mapPoints = 1...CorpusMap.mostPoints
  private static let defaultMapPoints = 20_000

  /// `GET /v1/corpora/{corpus}/map`.
  private func map(_ request: HTTPRequest) async throws -> HTTPResponse {
    let model = try model()
    var query = QueryFields(request)
    let points = query.integer("points", Self.mapPoints) ?? Self.defaultMapPoints
    let descriptor: Descriptor? = query.choice("descriptor")
    try query.finish()
    let name = request.pathParameter("corpus")
    let corpora = model.engine.corpora
    guard let corpus = corpora.corpora.first(where: { $0.name == name }) else {
      throw APIError.absent("corpus", name)
    }
    let map = await maps.map(
      of: corpus, in: corpora, model: model.checksum, dimension: model.engine.model.dimension)
    let count = min(points, map.points.count)
    let parts = "\(corpus.id)-\(map.version)-\(count)-\(descriptor?.rawValue ?? "none")"
    var response = HTTPResponse(
      contentType: "application/json", body: map.encoded(count, descriptor)
    ).unlessKnown(to: request, tag: "\"\(model.checksum.prefix(12))-\(parts)\"")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
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
