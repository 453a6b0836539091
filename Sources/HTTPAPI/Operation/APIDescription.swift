import AlignAPI
import HTTPDaemon

/// The API described in OpenAPI 3.1.
struct APIDescription: Sendable {
  let version: String
  let operations: [Operation]
  /// By the name that ``JSONSchema/Kind/reference(_:)`` uses.
  let schemas: [(name: String, schema: JSONSchema)]

  /// The description as JSON text.
  func encoded() -> [UInt8] {
    var json = JSONWriter(capacity: 1 << 16)
    json.object { json in
      json.name("openapi")
      json.string("3.1.0")
      json.name("info")
      json.object { json in
        json.name("title")
        json.string("Ligature")
        json.name("version")
        json.string(version)
        json.name("description")
        json.string("Molecules and texts in one space: search, embeddings, and what explains them.")
      }
      json.name("servers")
      json.array { json in
        json.object { json in
          json.name("url")
          json.string("/")
        }
      }
      json.name("paths")
      json.object { json in writePaths(to: &json) }
      json.name("components")
      json.object { json in writeComponents(to: &json) }
    }
    return json.bytes
  }

  private func writePaths(to json: inout JSONWriter) {
    var paths: [String] = []
    for operation in operations where !paths.contains(operation.path) {
      paths.append(operation.path)
    }
    for path in paths {
      json.name(text: path)
      json.object { json in
        for operation in operations where operation.path == path {
          json.name(text: operation.method.lowercased())
          operation.write(to: &json)
        }
      }
    }
  }

  private func writeComponents(to json: inout JSONWriter) {
    json.name("schemas")
    json.object { json in
      for (name, schema) in schemas {
        json.name(text: name)
        schema.write(to: &json)
      }
    }
    json.name("securitySchemes")
    json.object { json in
      json.name("key")
      json.object { json in
        json.name("type")
        json.string("http")
        json.name("scheme")
        json.string("bearer")
        json.name("description")
        json.string("An API key, where the server asks for one.")
      }
    }
  }
}

extension Operation {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("operationId")
      json.string(id)
      json.name("tags")
      json.array { $0.string(tag) }
      json.name("summary")
      json.string(summary)
      if let text {
        json.name("description")
        json.string(text)
      }
      if scope != .open {
        // An empty alternative: servers on loopback ask for no key.
        json.name("security")
        json.array { json in
          json.object { json in
            json.name("key")
            json.array { $0.string(scope.rawValue) }
          }
          json.object { _ in }
        }
      }
      let stated = isConditional ? parameters + [Self.ifNoneMatch] : parameters
      if !stated.isEmpty {
        json.name("parameters")
        json.array { json in
          for parameter in stated { parameter.write(to: &json) }
        }
      }
      if let body {
        json.name("requestBody")
        json.object { json in
          json.name("required")
          json.boolean(true)
          json.name("content")
          Self.write(body.contents, to: &json)
        }
      }
      json.name("responses")
      json.object { json in writeAnswers(to: &json) }
    }
  }

  private static let ifNoneMatch = Operation.Parameter(
    name: "If-None-Match", place: .header, schema: .string,
    text: "Entity tags of answers that the client has; 304 when one of them is still right.")

  private func writeAnswers(to json: inout JSONWriter) {
    if isConditional {
      json.name(text: "\(HTTPStatus.notModified.rawValue)")
      json.object { json in
        json.name("description")
        json.string("The answer that If-None-Match names is still right.")
      }
    }
    for answer in answers {
      json.name(text: "\(answer.status.rawValue)")
      json.object { json in
        json.name("description")
        json.string(answer.text)
        if !answer.contents.isEmpty {
          json.name("content")
          Self.write(answer.contents, to: &json)
        }
      }
    }
    // Read before any route, and answered with a page of libmicrohttpd's own.
    for status in [HTTPStatus.uriTooLong, .headersTooLarge] {
      json.name(text: "\(status.rawValue)")
      json.object { json in
        json.name("description")
        json.string(status.reason)
      }
    }
    let problem = [(mediaType: "application/problem+json", schema: JSONSchema.reference("Problem"))]
    for status in possibleProblems {
      json.name(text: "\(status.rawValue)")
      json.object { json in
        json.name("description")
        json.string(status.reason)
        json.name("content")
        Self.write(problem, to: &json)
      }
    }
  }

  /// The statuses of problems, ascending.
  var possibleProblems: [HTTPStatus] {
    var all = problems + [.badRequest, .internalServerError, .serviceUnavailable]
    if scope != .open { all += [.unauthorized, .forbidden, .tooManyRequests] }
    if body != nil {
      all += [.contentTooLarge, .unsupportedMediaType, .unprocessableContent]
    }
    // Unknown parameters of the query.
    if scope != .open { all.append(.unprocessableContent) }
    if path.contains("{") { all.append(.notFound) }
    return Set(all.map(\.rawValue)).sorted().map { HTTPStatus(rawValue: $0) }
  }

  private static func write(
    _ contents: [(mediaType: String, schema: JSONSchema)], to json: inout JSONWriter
  ) {
    json.object { json in
      for (mediaType, schema) in contents {
        json.name(text: mediaType)
        json.object { json in
          json.name("schema")
          schema.write(to: &json)
        }
      }
    }
  }
}

extension Operation.Parameter {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("name")
      json.string(name)
      json.name("in")
      json.string(place.rawValue)
      json.name("required")
      json.boolean(isRequired)
      json.name("description")
      json.string(text)
      json.name("schema")
      schema.write(to: &json)
    }
  }
}
