import AlignAPI
import Alignment
import HTTPDaemon
import Tensor

extension SearchService {
  /// Inputs of one request for embeddings.
  static let embeddingInputs = 1...256

  static let embeddingOperations = [
    Operation(
      id: "createEmbeddings", method: "POST", path: "/v1/embeddings", tag: "embeddings",
      summary: "Vectors of texts or molecules",
      text: "Request and answer are those of OpenAI's embeddings, with input_type beside them.",
      scope: .read, body: .json(.reference("EmbeddingsRequest")),
      answers: [.json(.reference("Embeddings"))]
    ) { service, request in try await service.embeddings(request) }
  ]

  static let embeddingSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "EmbeddingsRequest",
      .object([
        .required(
          "input",
          .oneOf([
            .string(1...SearchQuery.longestText),
            .array(of: .string(1...SearchQuery.longestText), embeddingInputs),
          ])),
        .optional("input_type", .word(of: InputType.self).nullable),
        .optional("model", .string.nullable.described("The name of the served model.")),
        .optional("encoding_format", .word(of: EncodingFormat.self).nullable),
        .optional(
          "dimensions",
          .integer(1...65_536).nullable.described(
            "The first so many numbers, brought to unit length; at most the model's dimension.")),
        .optional("user", .string.nullable.described("Not read.")),
      ])
    ),
    (
      "Embeddings",
      .object([
        .required("object", .word(["list"])), .required("model", .string),
        .required(
          "data",
          .array(
            of: .object([
              .required("object", .word(["embedding"])), .required("index", .integer),
              .required(
                "embedding",
                .oneOf([
                  .array(of: .number),
                  .string(format: "byte").described("32-bit floats, little-endian, in Base64."),
                ])),
            ]))),
        .required("dimension", .integer),
        .required(
          "usage",
          .object([.required("prompt_tokens", .integer), .required("total_tokens", .integer)])
            .described("Words and symbols of texts, atoms of molecules.")),
      ])
    ),
  ]

  enum InputType: String, CaseIterable {
    case text
    case molecule
  }

  enum EncodingFormat: String, CaseIterable {
    case float
    case base64
  }

  /// `POST /v1/embeddings`.
  func embeddings(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let body = try EmbeddingsBody(&fields, model)
    let vectors = body.shortened(try await model.engine.encode(body.inputs))
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
            body.write(vectors.row(row), to: &json)
          }
        }
      }
      json.name("dimension")
      json.integer(vectors.columns)
      json.name("usage")
      json.object { json in
        json.name("prompt_tokens")
        json.integer(body.tokenCount)
        json.name("total_tokens")
        json.integer(body.tokenCount)
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }
}
