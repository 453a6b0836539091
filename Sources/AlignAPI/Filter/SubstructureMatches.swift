import Molecule
import Synchronization
import Tensor

/// What is known of the molecules in which patterns occur.
///
/// An item never changes its molecule, so an answer holds for good. Answers of the patterns asked
/// for last are kept.
final class SubstructureMatches: Sendable {
  private struct Known {
    var yes = ItemIDSet()
    var no = ItemIDSet()
    var lastUse: UInt64 = 0
  }

  private struct State {
    var patterns: [String: Known] = [:]
    var uses: UInt64 = 0
  }

  private let state = Mutex(State())
  private let patternLimit: Int

  /// Steps after which a search in one molecule is given up; the molecule then does not match.
  static let limits = MatchLimits(matches: 1, steps: 2_000_000, time: .milliseconds(200))

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
    let known = known(of: query)
    possible.subtract(known.no)
    var certain = known.yes
    certain.formIntersection(possible)
    return (certain, possible)
  }

  /// Decides for some molecules, and remembers; in the order of `items`.
  func decide(_ query: SubstructureQuery, _ items: [(id: Int64, smiles: String?)]) -> [Bool] {
    let known = known(of: query)
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
          state.patterns[query.pattern.smarts]?.yes.insert(item.id)
        } else {
          state.patterns[query.pattern.smarts]?.no.insert(item.id)
        }
      }
    }
    return answers
  }

  private func known(of query: SubstructureQuery) -> Known {
    state.withLock { state in
      state.uses += 1
      let smarts = query.pattern.smarts
      if state.patterns[smarts] == nil, state.patterns.count >= patternLimit,
        let oldest = state.patterns.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.patterns[oldest.key] = nil
      }
      state.patterns[smarts, default: Known()].lastUse = state.uses
      return state.patterns[smarts] ?? Known()
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
