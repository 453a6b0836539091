import AlignAPI
import Depiction
import HTTPDaemon

extension SearchService {
  static let depictOperations = [
    Operation(
      id: "depictMolecule", method: "POST", path: "/v1/molecules/depict", tag: "molecules",
      summary: "A picture of a molecule",
      text: "atom_weights colours atoms blue where positive, orange where negative.",
      scope: .read,
      body: .json(
        .object(
          JSONSchema.moleculeMembers + JSONSchema.pictureMembers + [
            .optional("format", .word(of: PictureRequest.Format.self).nullable),
            .optional("smarts", .string(1...SearchFilter.textLimit).nullable),
            .optional("highlight_atoms", .array(of: .integer).nullable),
            .optional(
              "atom_weights",
              .array(of: .number).nullable.described("One number for each atom.")),
          ])),
      answers: [picture]
    ) { service, request in
      try await service.compute(request) { try PictureRequest(&$0).response() }
    },
    Operation(
      id: "getDepiction", method: "GET", path: "/v1/molecules/depict", tag: "molecules",
      summary: "A picture of a molecule, for img elements", scope: .read,
      parameters: [
        parameter("smiles", .string(1...SearchQuery.longestSMILES), "The molecule; required."),
        parameter("width", .integer(PictureFrameFields.sides), "Pixels; with height."),
        parameter("height", .integer(PictureFrameFields.sides), "Pixels; with width."),
        parameter("theme", .word(of: DepictionTheme.self), "The colours; light by default."),
        parameter("format", .word(of: PictureRequest.Format.self), "svg by default."),
        parameter(
          "smarts", .string(1...SearchFilter.textLimit), "A pattern whose matches are coloured."),
      ],
      answers: [picture]
    ) { service, request in try await service.depiction(request) },
  ]

  private static let picture = Operation.Answer(
    status: .ok, text: "The picture.",
    contents: [("image/svg+xml", .string), ("image/png", .string(format: "binary"))])

  private static func parameter(
    _ name: String, _ schema: JSONSchema, _ text: String
  ) -> Operation.Parameter {
    Operation.Parameter(name: name, place: .query, schema: schema, text: text)
  }

  /// `GET /v1/molecules/depict`.
  private func depiction(_ request: HTTPRequest) async throws -> HTTPResponse {
    let tag = entityTag(of: request.target)
    return try await computation.run {
      var fields = RequestFields(query: request.target.query, numbers: ["width", "height"])
      let picture = try PictureRequest(&fields)
      var response =
        request.matches(tag) ? HTTPResponse(status: .notModified) : try picture.response()
      response.headers["ETag"] = tag
      response.headers["Cache-Control"] = "private, max-age=86400"
      return response
    }
  }

  /// A picture is a function of the question and of the program.
  private func entityTag(of target: RequestTarget) -> String {
    let parts = [version] + target.query.flatMap { [$0.name, $0.value] }
    return HTTPResponse.entityTag(of: Array(parts.joined(separator: "\u{0}").utf8))
  }
}

extension JSONSchema {
  /// The members that say how large a picture is and in which colours.
  static let pictureMembers: [Member] = [
    .optional("width", .integer(PictureFrameFields.sides).nullable),
    .optional("height", .integer(PictureFrameFields.sides).nullable),
    .optional("theme", .word(of: DepictionTheme.self).nullable),
  ]
}
