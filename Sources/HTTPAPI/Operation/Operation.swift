import HTTPDaemon

/// One operation of the API: how it is asked for, what it takes and answers, and what does it.
///
/// The router, the checks of keys, the metrics' labels and the OpenAPI description all come from
/// these values, so that none of them can differ from another.
struct Operation: Sendable {
  typealias Handler = @Sendable (SearchService, HTTPRequest) async throws -> HTTPResponse

  /// What a key must be allowed to.
  enum Scope: String, Sendable, CaseIterable, Comparable {
    /// No key is needed.
    case open
    case read
    case write
    case admin

    static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// A value in the path or the query.
  struct Parameter: Sendable {
    enum Place: String, Sendable { case path, query, header }
    let name: String
    let place: Place
    let schema: JSONSchema
    let text: String
    /// Whether a parameter that is not in the path must be there.
    var isMandatory = false
    var isRequired: Bool { place == .path || isMandatory }
  }

  /// What a request carries.
  struct Body: Sendable {
    /// Media types with what they hold; the first is the usual one.
    let contents: [(mediaType: String, schema: JSONSchema)]

    static func json(_ schema: JSONSchema) -> Body {
      Body(contents: [("application/json", schema)])
    }
  }

  /// What an operation answers with when it succeeds; nil contents for no body.
  struct Answer: Sendable {
    let status: HTTPStatus
    let text: String
    let contents: [(mediaType: String, schema: JSONSchema)]

    static func json(
      _ schema: JSONSchema, status: HTTPStatus = .ok, _ text: String = "The answer."
    ) -> Answer {
      Answer(status: status, text: text, contents: [("application/json", schema)])
    }
  }

  /// The name of the operation in generated clients: "searchItems".
  let id: String
  let method: String
  /// With parameters in braces: "/v1/items/{corpus}/{id}".
  let path: String
  /// The group it is listed in.
  let tag: String
  /// A few words.
  let summary: String
  /// Sentences with what the summary leaves out.
  var text: String?
  let scope: Scope
  var parameters: [Parameter] = []
  var body: Body?
  /// Bytes that a body may have; nil for the daemon's own limit.
  var bodyLimit: Int?
  let answers: [Answer]
  /// Statuses of problem details beside those of every operation.
  var problems: [HTTPStatus] = []
  let handle: Handler

  /// Whether its answers have entity tags, and 304 is one of them: what reads JSON or a picture.
  var isConditional: Bool {
    method == "GET"
      && answers.contains { answer in
        answer.contents.contains { content in
          content.mediaType == "application/json" || content.mediaType.hasPrefix("image/")
        }
      }
  }
}
