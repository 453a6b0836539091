import AlignAPI
import HTTPDaemon
import Tensor

extension SearchService {
  /// Inputs of one request for embeddings.
  static let embeddingInputs = 1...256

  static let embeddingOperations = [
    Operation(
      id: "createEmbeddings", method: "POST", path: "/v1/embeddings", tag: "embeddings",
      summary: "Vectors of texts or molecules", scope: .read,
      body: .json(
        .object([
          .required(
            "input",
            .oneOf([
              .string(1...SearchQuery.longestText),
              .array(of: .string(1...SearchQuery.longestText), embeddingInputs),
            ])),
          .optional("input_type", .word(of: InputType.self).nullable),
        ])),
      answers: [.json(.reference("Embeddings"))]
    ) { service, request in try await service.embeddings(request) }
  ]

  static let embeddingSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "Embeddings",
      .object([
        .required("object", .word(["list"])), .required("model", .string),
        .required(
          "data",
          .array(
            of: .object([
              .required("object", .word(["embedding"])), .required("index", .integer),
              .required("embedding", .array(of: .number)),
            ]))),
        .required("dimension", .integer),
      ])
    )
  ]

  private enum InputType: String, CaseIterable {
    case text
    case molecule
  }

  /// `POST /v1/embeddings`.
  func embeddings(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let inputs = try Self.inputs(&fields)
    let vectors = try await model.engine.encode(inputs)
    var json = JSONWriter(capacity: 256 + 14 * vectors.values.count)
    json.object { json in
      json.name("object")
      json.string("list")
      json.name("model")
      json.string(model.name)
      json.name("data")
      json.array { json in
        for row in 0..<vectors.rows {
          json.object { json in
            json.name("object")
            json.string("embedding")
            json.name("index")
            json.integer(row)
            json.name("embedding")
            json.array { json in
              for value in vectors.row(row) { json.number(value) }
            }
          }
        }
      }
      json.name("dimension")
      json.integer(vectors.columns)
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }

  private static func inputs(_ fields: inout RequestFields) throws(APIError) -> [SearchQuery] {
    let type: InputType = fields.choice("input_type") ?? .text
    if !fields.has("input") {
      fields.refuse("input", "found none, expected a string or an array of strings")
    }
    let spellings = fields.strings("input")
    var inputs: [SearchQuery] = []
    if let spellings, !embeddingInputs.contains(spellings.count) {
      fields.refuse(
        "input",
        "found \(spellings.count) inputs, expected \(embeddingInputs.lowerBound) to "
          + "\(embeddingInputs.upperBound)")
    } else {
      for (place, spelling) in (spellings ?? []).enumerated() {
        if fields.isFull { break }
        do throws(SearchError) {
          inputs.append(
            type == .text ? try SearchQuery(text: spelling) : try SearchQuery(smiles: spelling))
        } catch {
          fields.refuse("input", offset: error.item?.offset, "input \(place): \(error)")
        }
      }
    }
    try fields.finish()
    return inputs
  }
}
