import Postgres

/// The answer to a write, as it is kept for requests that come again.
package struct KeptAnswer: Sendable, Equatable {
  /// An HTTP status of success.
  package var status: Int
  /// By name, in the order in which they are sent.
  package var headers: [Header]
  package var body: [UInt8]

  /// One header field.
  package struct Header: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension KeptAnswer {
  /// The header fields as a JSON object.
  var headersText: JSONText {
    var json = JSONWriter(capacity: 64)
    json.object { json in
      for header in headers {
        json.name(text: header.name)
        json.string(header.value)
      }
    }
    return JSONText(String(decoding: json.bytes, as: UTF8.self))
  }

  /// Reads ``headersText``, sorted by name.
  static func headers(_ text: JSONText) throws -> [Header] {
    guard case .object(let members) = try JSONDocument(parsing: Array(text.text.utf8)) else {
      preconditionFailure("the table admits objects only: \(text.text)")
    }
    return members.compactMap { member in
      if case .string(let value) = member.value { Header(member.name, value) } else { nil }
    }.sorted { $0.name < $1.name }
  }
}
