extension SMARTSPattern {
  /// Whether the pattern occurs in a molecule.
  ///
  /// With `usesStereo` the marks of the pattern have to hold. Throws when a limit of steps
  /// or time is reached before the answer is known.
  public func occurs(
    in target: MatchTarget, usesStereo: Bool = false, limits: MatchLimits = MatchLimits()
  ) throws(MatchError) -> Bool {
    guard PatternSearch.isPossible(self, target),
      let first = PatternSearch.firstCandidate(self, target)
    else { return false }
    // A pattern of one atom that masks say in full is answered already.
    let step = plan.steps[0]
    if tests.count == 1, !step.hasRest, step.maskStart == step.maskEnd, !usesStereo {
      return first >= 0
    }
    var search = PatternSearch(self, target, usesStereo: usesStereo, budget: MatchBudget(limits))
    return try search.next(self, target)
  }

  /// Every occurrence: the target atom of each pattern atom, in the order of the pattern.
  ///
  /// With `isUnique` only the first of the matches that cover the same atoms is kept. Throws past
  /// the limits; what is returned is always complete.
  public func matches(
    in target: MatchTarget, isUnique: Bool = true, usesStereo: Bool = false,
    limits: MatchLimits = MatchLimits()
  ) throws(MatchError) -> [[Int]] {
    guard PatternSearch.isPossible(self, target) else { return [] }
    var search = PatternSearch(self, target, usesStereo: usesStereo, budget: MatchBudget(limits))
    var found: [[Int]] = []
    var covered: Set<[Int32]> = []
    while try search.next(self, target) {
      if isUnique, !covered.insert(search.image.array().sorted()).inserted { continue }
      guard found.count < limits.matches else {
        throw MatchError.tooManyMatches(limit: limits.matches)
      }
      found.append(search.image.array().map { Int($0) })
    }
    return found
  }

  /// The number of matches that cover different atoms, but no more than `limit`, at which the
  /// search ends.
  func uniqueMatchCount(
    in target: MatchTarget, upTo limit: Int, limits: MatchLimits = MatchLimits()
  ) throws(MatchError) -> Int {
    if limit == 1 { return try occurs(in: target, limits: limits) ? 1 : 0 }
    guard PatternSearch.isPossible(self, target) else { return 0 }
    var search = PatternSearch(
      self, target, usesStereo: false, budget: MatchBudget(limits))
    var covered: Set<[Int32]> = []
    while covered.count < limit, try search.next(self, target) {
      covered.insert(search.image.array().sorted())
    }
    return covered.count
  }
}
