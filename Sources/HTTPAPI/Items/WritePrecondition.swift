import AlignAPI
import HTTPDaemon

/// `If-Match` and `If-None-Match` of a request that writes (RFC 9110 §13.1).
struct WritePrecondition: Sendable {
  /// Strong tags of which one must be there's; nil where it is not asked.
  private let match: [String]?
  /// Tags that must not be there's; nil where it is not asked.
  private let noneMatch: [String]?

  static let parameters = [
    Operation.Parameter(
      name: "If-Match", place: .header, schema: .string,
      text: "Only when the item has one of these entity tags, or is there at all (*)."),
    Operation.Parameter(
      name: "If-None-Match", place: .header, schema: .string,
      text: "With *: only when there is no such item."),
  ]

  init(_ headers: HTTPHeaders) {
    match = Self.tags(headers, "If-Match")
    noneMatch = Self.tags(headers, "If-None-Match")
  }

  /// Whether anything is asked.
  var isStated: Bool { match != nil || noneMatch != nil }

  /// Throws ``APIError`` `.refused` with 412 unless the item, nil for none, meets it.
  func check(_ item: ItemRecord?) throws(APIError) {
    let tag = item?.entityTag
    if let match {
      // Weak tags never match here (§8.8.3.2).
      guard let tag, match.contains("*") || match.contains(tag) else {
        throw .refused(
          .preconditionFailed,
          item == nil ? "There is no such item." : "The item has changed meanwhile.")
      }
    }
    if let noneMatch, let tag {
      let plain = noneMatch.map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 }
      if plain.contains("*") || plain.contains(tag) {
        throw .refused(.preconditionFailed, "The item is there already.")
      }
    }
  }

  /// The tags of a field, each that of the plain content; nil without the field.
  private static func tags(_ headers: HTTPHeaders, _ name: String) -> [String]? {
    headers[name] == nil ? nil : headers.entityTags(name).map(EntityTag.plain)
  }
}
