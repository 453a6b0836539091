import Postgres

/// A filter that only the database can answer, under a name for what it was answered before.
enum DatabaseLeaf: Hashable, Sendable {
  case number(name: String, lower: Double, upper: Double)
  case property(name: String, value: String)
  case textContains(String)

  /// The ids of the items that meet it.
  var statement: SQLStatement {
    switch self {
    case .number(let name, let lower, let upper):
      return """
        select item_id from item_numbers
        where name = \(name) and value >= \(lower) and value <= \(upper)
        """
    case .property(let name, let value):
      let pair = JSONText(properties: [name: value])
      return "select id from items where properties <> '{}' and properties @> \(pair)"
    case .textContains(let piece):
      let pattern = "%" + Self.escaped(piece) + "%"
      return "select id from items where text is not null and text ilike \(pattern)"
    }
  }

  /// Without the meaning that LIKE gives to `%`, `_` and `\`.
  private static func escaped(_ piece: String) -> String {
    piece.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
  }
}

extension SearchFilter {
  /// What the database has to be asked, once each.
  var databaseLeaves: Set<DatabaseLeaf> {
    switch self {
    case .all(let parts), .any(let parts):
      return parts.reduce(into: []) { $0.formUnion($1.databaseLeaves) }
    case .not(let inner): return inner.databaseLeaves
    default: return databaseLeaf.map { [$0] } ?? []
    }
  }

  /// The question to the database that a leaf is; nil for what memory answers.
  var databaseLeaf: DatabaseLeaf? {
    switch self {
    case .number(let name, let range):
      .number(name: name, lower: range.lower, upper: range.upper)
    case .property(let name, let value): .property(name: name, value: value)
    case .textContains(let piece): .textContains(piece)
    default: nil
    }
  }
}
