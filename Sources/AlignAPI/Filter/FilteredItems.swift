import Molecule
import Tensor

/// The items that a filter lets through, as far as it is known without looking at each molecule.
///
/// A substructure is only screened: `certain` ⊆ the items that pass ⊆ `possible`, and
/// ``SubstructureMatches`` decides on the rest when they are about to be shown.
struct FilteredItems: Sendable {
  private(set) var certain: ItemIDSet
  private(set) var possible: ItemIDSet

  /// Whether every possible item passes.
  var isDecided: Bool { certain == possible }

  /// Leaves out what is not in a set.
  mutating func formIntersection(_ items: ItemIDSet) {
    certain.formIntersection(items)
    possible.formIntersection(items)
  }

  /// Looks a filter up in the items of `table`; `answers` are those of the database.
  init(
    _ filter: SearchFilter, in table: ItemTable, corpora: [String: Int64],
    answers: [DatabaseLeaf: ItemIDSet], matches: SubstructureMatches
  ) {
    (certain, possible) = (table.all, table.all)
    func evaluate(_ filter: SearchFilter) -> FilteredItems {
      FilteredItems(filter, in: table, corpora: corpora, answers: answers, matches: matches)
    }
    switch filter {
    case .all(let parts):
      for part in parts {
        let found = evaluate(part)
        certain.formIntersection(found.certain)
        possible.formIntersection(found.possible)
      }
    case .any(let parts):
      (certain, possible) = (ItemIDSet(), ItemIDSet())
      for part in parts {
        let found = evaluate(part)
        certain.formUnion(found.certain)
        possible.formUnion(found.possible)
      }
    case .not(let inner):
      let found = evaluate(inner)
      certain = table.all.subtracting(found.possible)
      possible = table.all.subtracting(found.certain)
    case .substructure(let query):
      (certain, possible) = matches.bounds(of: query, in: table)
    case .number, .property, .textContains:
      guard let leaf = filter.databaseLeaf, var found = answers[leaf] else {
        preconditionFailure("the database was not asked")
      }
      found.formIntersection(table.all)
      (certain, possible) = (found, found)
    case .corpus, .kind, .descriptor, .similarity:
      let found = Self.lookUp(filter, in: table, corpora: corpora)
      (certain, possible) = (found, found)
    }
  }

  /// What the columns answer by themselves.
  private static func lookUp(
    _ filter: SearchFilter, in table: ItemTable, corpora: [String: Int64]
  ) -> ItemIDSet {
    switch filter {
    case .corpus(let name):
      guard let id = corpora[name] else { return ItemIDSet() }
      return table.items { $0.corpora[$1] == id }
    case .kind(let kind):
      return table.items { segment, row in
        switch kind {
        case .molecule: segment.smiles[row] != nil
        case .text: segment.hasText[row]
        case .pair: segment.smiles[row] != nil && segment.hasText[row]
        }
      }
    case .descriptor(let descriptor, let range):
      return table.marked { segment in
        // NaN lies in no range.
        segment.descriptors[descriptor.place].map { range.contains(Double($0)) }
      }
    case .similarity(let query, let least):
      return table.marked { segment in
        ItemTable.similarities(segment, to: query).map { $0 >= 0 && Double($0) >= least }
      }
    default: preconditionFailure("\(filter) is not looked up in columns")
    }
  }
}
