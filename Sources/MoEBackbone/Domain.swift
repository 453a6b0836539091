/// A kind of text with an adapter of its own; a pair's source decides which.
package enum Domain: String, Sendable, Codable, CaseIterable {
  /// Everything without a domain of its own.
  case `default`
  /// Prose about chemistry.
  case chemistry
  /// Notes and labels of medicine.
  case clinical
  /// Hazards and their findings.
  case toxicology
  /// Names of compounds.
  case nomenclature
  /// Phrases that state a property.
  case property

  /// The domain of a name; ``default`` for a name that is not known.
  package init(name: String) { self = Domain(rawValue: name) ?? .default }
}

/// The rows of a batch that belong to each domain.
struct DomainRows: Sendable {
  /// Some rows, or all of them in order.
  enum Selection: Sendable {
    case all
    case some([Int])
  }

  private let selections: [Domain: Selection]

  /// Item n has rows n·views ..< (n + 1)·views.
  init(_ domains: [Domain], views: Int) {
    var rows: [Domain: [Int]] = [:]
    for (item, domain) in domains.enumerated() {
      rows[domain, default: []] += item * views..<(item + 1) * views
    }
    selections = rows.mapValues { $0.count == domains.count * views ? .all : .some($0) }
  }

  /// Nil when the domain does not occur.
  func rows(of domain: Domain) -> Selection? { selections[domain] }
}
