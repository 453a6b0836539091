/// A statement whose interpolated values become bound parameters.
///
/// `"select smiles from items where id = \(id)"` has the text `… where id = $1` and one bind. A
/// `String` variable cannot become a statement.
package struct SQLStatement: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case sql(String)
    case bind(Bind)
  }

  var parts: [Part]

  /// The text that the server parses, with `$1`… for the bound values.
  package var text: String {
    var text = ""
    var number = 0
    for part in parts {
      switch part {
      case .sql(let sql): text += sql
      case .bind:
        number += 1
        text += "$\(number)"
      }
    }
    return text
  }

  /// A statement of a text that is put together in code, without binds; never from outside input.
  package init(unsafeSQL text: String) {
    parts = [.sql(text)]
  }

  /// The bound values in order.
  package var binds: [Bind] {
    parts.compactMap { part in
      if case .bind(let bind) = part { bind } else { nil }
    }
  }
}

extension SQLStatement: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) {
    parts = [.sql(text)]
  }

  package init(stringInterpolation: StringInterpolation) {
    parts = stringInterpolation.parts
  }

  /// Collects the literal and interpolated pieces.
  package struct StringInterpolation: StringInterpolationProtocol {
    var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      parts.reserveCapacity(2 * interpolationCount + 1)
    }

    package mutating func appendLiteral(_ text: String) {
      parts.append(.sql(text))
    }

    /// A value, bound.
    package mutating func appendInterpolation(_ value: some BindValue) {
      parts.append(.bind(Bind(value)))
    }

    /// A value or NULL, bound.
    package mutating func appendInterpolation<Value: BindValue>(_ value: Value?) {
      parts.append(.bind(Bind(value)))
    }

    /// Another statement's text and binds.
    package mutating func appendInterpolation(fragment: SQLStatement) {
      parts += fragment.parts
    }

    /// A table's or column's name, quoted.
    package mutating func appendInterpolation(identifier: String) {
      parts.append(.sql(SQLStatement.quoted(identifier: identifier)))
    }
  }

  static func quoted(identifier: String) -> String {
    "\"" + identifier.replacing("\"", with: "\"\"") + "\""
  }
}
