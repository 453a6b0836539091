import Molecule
import Synchronization
import Tensor

/// What is known of the molecules in which patterns occur.
///
/// An item never changes its molecule, so an answer holds for the generation of its table. It depends
/// on pattern and molecule alone. Answers of the patterns asked for last are kept.
final class SubstructureMatches: Sendable {
  private struct Known {
    var yes = ItemIDSet()
    var no = ItemIDSet()
    var lastUse: UInt64 = 0
  }

  private struct Key: Hashable {
    let smarts: String
    let generation: UInt64
  }

  private struct State {
    var patterns: [Key: Known] = [:]
    var uses: UInt64 = 0
  }

  private let state = Mutex(State())
  private let patternLimit: Int

  /// Steps after which a search in one molecule is given up; the molecule then does not match.
  static let limits = MatchLimits(matches: 1, steps: 2_000_000, time: nil)

  init(patternLimit: Int = 32) { self.patternLimit = patternLimit }

  /// Which items surely match, and which may.
  func bounds(
    of query: SubstructureQuery, in table: ItemTable
  ) -> (certain: ItemIDSet, possible: ItemIDSet) {
    var possible = table.marked { segment in
      let width = segment.screens.wordsPerRow
      let words = segment.screens.words.span
      return (0..<segment.count).map { row in
        guard segment.smiles[row] != nil else { return false }
        for word in 0..<width
        where query.screen.words[word] & ~words[row * width + word] != 0 { return false }
        return true
      }
    }
    let known = known(Self.key(of: query, in: table))
    possible.subtract(known.no)
    var certain = known.yes
    certain.formIntersection(possible)
    return (certain, possible)
  }

  /// Decides for some molecules of a table, and remembers.
  func decide(
    _ query: SubstructureQuery, _ items: [(id: Int64, smiles: String?)], in table: ItemTable
  ) {
    let key = Self.key(of: query, in: table)
    let known = known(key)
    let answers = Parallel.map(items.count, by: 16) { place in
      let (id, smiles) = items[place]
      if known.yes.contains(id) { return true }
      if known.no.contains(id) { return false }
      guard let smiles, let graph = try? SMILESReader.read(smiles) else { return false }
      return
        (try? query.pattern.occurs(in: MatchTarget(graph), usesStereo: true, limits: Self.limits))
        ?? false
    }
    state.withLock { state in
      for (item, answer) in zip(items, answers) {
        if answer {
          state.patterns[key]?.yes.insert(item.id)
        } else {
          state.patterns[key]?.no.insert(item.id)
        }
      }
    }
  }

  private static func key(of query: SubstructureQuery, in table: ItemTable) -> Key {
    Key(smarts: query.pattern.smarts, generation: table.generation)
  }

  private func known(_ key: Key) -> Known {
    state.withLock { state in
      state.uses += 1
      if state.patterns[key] == nil, state.patterns.count >= patternLimit,
        let oldest = state.patterns.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.patterns[oldest.key] = nil
      }
      state.patterns[key, default: Known()].lastUse = state.uses
      return state.patterns[key] ?? Known()
    }
  }
}

extension SearchFilter {
  /// The substructures that the filter asks for, nested ones included.
  var substructures: [SubstructureQuery] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.substructures)
    case .not(let inner): inner.substructures
    case .substructure(let query): [query]
    default: []
    }
  }
}
