import Molecule

extension SearchFilter {
  /// A text that says the same for the same filter, and else something else.
  var signature: String {
    switch self {
    case .all(let parts): "and(\(parts.map(\.signature).joined(separator: ",")))"
    case .any(let parts): "or(\(parts.map(\.signature).joined(separator: ",")))"
    case .not(let inner): "not(\(inner.signature))"
    case .corpus(let name): "corpus(\(name.debugDescription))"
    case .kind(let kind): "kind(\(kind.rawValue))"
    case .descriptor(let descriptor, let range):
      "descriptor(\(descriptor.rawValue),\(range.lower),\(range.upper))"
    case .number(let name, let range):
      "number(\(name.debugDescription),\(range.lower),\(range.upper))"
    case .property(let name, let value):
      "property(\(name.debugDescription),\(value.debugDescription))"
    case .substructure(let query): "substructure(\(query.pattern.smarts.debugDescription))"
    case .similarity(let query, let least): "similarity(\(query.hexadecimal),\(least))"
    case .textContains(let piece): "contains(\(piece.debugDescription))"
    }
  }
}
