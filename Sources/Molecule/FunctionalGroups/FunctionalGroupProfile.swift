/// What a catalogue finds in one molecule: a vector of counts, the groups worth telling, and words.
///
/// All of it depends on the molecule and the catalogue only, not on the order of the atoms.
public struct FunctionalGroupProfile: Sendable {
  /// A group and how often it is told.
  public struct Finding: Sendable {
    /// What was found.
    public let group: FunctionalGroup
    /// Matches that are no part of a special case, at least 1.
    public let count: Int
  }

  /// Unique matches of every group, in the order of the table: the feature vector; [G].
  public let counts: [Int]
  /// The groups worth telling: functional groups, then ring systems and others, in each larger
  /// patterns before smaller ones, then in the order of the table.
  ///
  /// A match that lies within a match of a special case is not told: of an ester not the carbonyl
  /// group.
  public let findings: [Finding]

  /// The words of all findings in their order, of each the most common word first, none twice.
  public var words: [String] {
    var words: [String] = []
    for finding in findings {
      for word in finding.group.words where !words.contains(word) { words.append(word) }
    }
    return words
  }
}

extension FunctionalGroupCatalog {
  /// Looks for every group.
  ///
  /// Throws past the limits, which hold for each pattern by itself. O(Σ matches) after the search.
  public func profile(
    of target: MatchTarget, limits: MatchLimits = MatchLimits()
  ) throws(MatchError) -> FunctionalGroupProfile {
    var matches: [[[Int]]] = []
    matches.reserveCapacity(groups.count)
    for group in groups { matches.append(try group.pattern.matches(in: target, limits: limits)) }
    var told = matches
    for (index, own) in matches.enumerated() where !own.isEmpty && !ancestors[index].isEmpty {
      let special = SpecialCases(own)
      for ancestor in ancestors[index] { told[ancestor].removeAll(where: special.cover) }
    }
    let present = groups.indices.filter { !told[$0].isEmpty }
    return FunctionalGroupProfile(
      counts: matches.map(\.count),
      findings: present.sorted { isToldBefore($0, $1) }.map {
        .init(group: groups[$0], count: told[$0].count)
      })
  }

  private func isToldBefore(_ left: Int, _ right: Int) -> Bool {
    let (first, second) = (groups[left], groups[right])
    let (leftIsGroup, rightIsGroup) = (
      first.category == .functionalGroup, second.category == .functionalGroup
    )
    if leftIsGroup != rightIsGroup { return leftIsGroup }
    if first.pattern.atomCount != second.pattern.atomCount {
      return first.pattern.atomCount > second.pattern.atomCount
    }
    return left < right
  }
}

/// Matches of a special case, to ask whether they cover one of a general case.
private struct SpecialCases {
  private let matches: [[Int]]
  /// The matches that hold an atom.
  private var places: [Int: [Int]] = [:]

  init(_ matches: [[Int]]) {
    self.matches = matches
    for (place, match) in matches.enumerated() {
      for atom in match { places[atom, default: []].append(place) }
    }
  }

  /// Whether a special case shares an atom and holds all of a general match but for one atom, such
  /// as the second neighbour that a general pattern names.
  func cover(_ general: [Int]) -> Bool {
    // One of any two atoms has to be held: those in the fewest matches are looked at.
    let rare = general.sorted { (places[$0]?.count ?? 0) < (places[$1]?.count ?? 0) }.prefix(2)
    return rare.contains { atom in
      (places[atom] ?? []).contains { place in
        general.count { !matches[place].contains($0) } <= 1
      }
    }
  }
}
