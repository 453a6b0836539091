/// One search of one pattern in one molecule: backtracking along the pattern's plan.
///
/// Pattern and molecule are handed to every call: a search owns nothing but its place.
struct PatternSearch: ~Copyable {
  let usesStereo: Bool
  private(set) var budget: MatchBudget
  /// The target atom of each pattern atom, or -1.
  let image: FixedArray<Int32>
  /// Next place to try at each step: a target atom at the start of a part, else an adjacency slot.
  private let cursor: FixedArray<Int32>
  private var depth = 0
  /// Answers of `$()`: 0 unknown, 1 no, 2 yes; nested patterns × atoms.
  private let answers: FixedArray<UInt8>
  /// Fragment of each target atom; filled for patterns with component groups.
  private let fragments: [Int32]
  /// The only target atom the first pattern atom may take, or -1.
  private var root: Int32 = -1

  init(
    _ pattern: SMARTSPattern, _ target: MatchTarget, usesStereo: Bool, budget: MatchBudget
  ) {
    self.usesStereo = usesStereo && pattern.hasStereo
    self.budget = budget
    image = FixedArray(repeating: -1, count: pattern.tests.count)
    cursor = FixedArray(repeating: 0, count: pattern.tests.count)
    answers = FixedArray(repeating: 0, count: pattern.nested.count * target.words.count)
    fragments = pattern.hasGroups ? target.graph.fragmentLabels() : []
  }

  /// Whether every test could be met at all.
  static func isPossible(_ pattern: SMARTSPattern, _ target: MatchTarget) -> Bool {
    guard pattern.tests.count <= target.words.count else { return false }
    for mask in pattern.plan.needs where !target.presentWord.meets(mask) { return false }
    for mask in pattern.plan.bondMasks where mask & target.presentKinds == 0 { return false }
    return true
  }

  /// The first target atom that the first step of the plan can take by its masks, or nil.
  static func firstCandidate(_ pattern: SMARTSPattern, _ target: MatchTarget) -> Int? {
    let forbidden = pattern.plan.steps[0].forbidden
    return target.words.firstIndex { !$0.meets(forbidden) }
  }

  /// Starts over with the first pattern atom on one target atom.
  mutating func restart(_ pattern: SMARTSPattern, at atom: Int32) {
    while depth > 0 {
      depth -= 1
      image[pattern.plan.steps[depth].atom] = -1
    }
    root = atom
    cursor[0] = 0
  }

  /// Moves to the next match; false when there is none.
  mutating func next(_ pattern: SMARTSPattern, _ target: MatchTarget) throws(MatchError) -> Bool {
    let count = pattern.plan.steps.count
    if depth == count {
      depth -= 1
      image[pattern.plan.steps[depth].atom] = -1
    }
    while true {
      if try advance(pattern, target) {
        if depth < count {
          cursor[depth] = -1
          continue
        }
        if !usesStereo || agreesInStereo(pattern, target) { return true }
      } else if depth == 0 {
        return false
      }
      depth -= 1
      image[pattern.plan.steps[depth].atom] = -1
    }
  }

  /// Places the pattern atom of the current step on its next candidate.
  private mutating func advance(
    _ pattern: SMARTSPattern, _ target: MatchTarget
  ) throws(MatchError) -> Bool {
    let step = pattern.plan.steps[depth]
    if step.anchor < 0 { return try advanceStart(step, pattern, target) }
    let anchor = Int(image[step.anchor])
    let end = target.graph.neighborStart[anchor + 1]
    var slot = cursor[depth] < 0 ? target.graph.neighborStart[anchor] : cursor[depth]
    while slot < end {
      let atom = Int(target.graph.neighborAtoms[Int(slot)])
      let kind = target.kinds[Int(slot)]
      slot += 1
      guard kind & step.mask != 0 else { continue }
      if try place(step, atom, pattern, target) {
        cursor[depth - 1] = slot
        return true
      }
    }
    return false
  }

  private mutating func advanceStart(
    _ step: MatchPlan.Step, _ pattern: SMARTSPattern, _ target: MatchTarget
  ) throws(MatchError) -> Bool {
    var atom = max(Int(cursor[depth]), 0)
    var end = target.words.count
    if depth == 0, root >= 0 {
      if atom > Int(root) { return false }
      atom = Int(root)
      end = atom + 1
    }
    while atom < end {
      if try place(step, atom, pattern, target) {
        cursor[depth - 1] = Int32(truncatingIfNeeded: atom + 1)
        return true
      }
      atom += 1
    }
    return false
  }

  private mutating func place(
    _ step: MatchPlan.Step, _ atom: Int, _ pattern: SMARTSPattern, _ target: MatchTarget
  ) throws(MatchError) -> Bool {
    try budget.spend()
    let word = target.words[atom]
    if word.meets(step.forbidden) { return false }
    for index in step.maskStart..<step.maskEnd
    where !word.meets(pattern.plan.masks[index]) { return false }
    for other in 0..<image.count where Int(image[other]) == atom { return false }
    for index in step.closureStart..<step.closureEnd {
      let closure = pattern.plan.closures[index]
      if !isBonded(Int(image[closure.atom]), atom, closure.mask, target) { return false }
    }
    if step.nested >= 0 {
      if !(try matchesNested(step.nested, atom, pattern, target)) { return false }
    } else if step.hasRest, let rest = pattern.tests[step.atom].rest,
      !(try holds(rest, atom, pattern, target))
    {
      return false
    }
    if !fragments.isEmpty, !fitsGroup(step.atom, atom, pattern) { return false }
    image[step.atom] = Int32(truncatingIfNeeded: atom)
    depth += 1
    return true
  }

  private func isBonded(_ left: Int, _ right: Int, _ mask: UInt16, _ target: MatchTarget) -> Bool {
    for slot in target.graph.neighborRange(left)
    where Int(target.graph.neighborAtoms[slot]) == right { return target.kinds[slot] & mask != 0 }
    return false
  }

  /// Atoms of one component group lie in one fragment, those of different groups in different ones.
  private func fitsGroup(_ queryAtom: Int, _ atom: Int, _ pattern: SMARTSPattern) -> Bool {
    let group = pattern.atoms[queryAtom].group
    guard group >= 0 else { return true }
    for other in 0..<image.count where image[other] >= 0 && pattern.atoms[other].group >= 0 {
      let isSame = pattern.atoms[other].group == group
      if isSame != (fragments[Int(image[other])] == fragments[atom]) { return false }
    }
    return true
  }

  private mutating func holds(
    _ expression: AtomExpression, _ atom: Int, _ pattern: SMARTSPattern, _ target: MatchTarget
  ) throws(MatchError) -> Bool {
    switch expression {
    case .any, .chirality: return true
    case .aromatic(let isAromatic): return target.graph.atoms[atom].isAromatic == isAromatic
    case .element(let number): return target.graph.atoms[atom].element.number == number
    case .isotope(let mass): return Int(target.graph.atoms[atom].isotope) == mass
    case .number(.ringOfSize, let range):
      return target.isInRing(atom, of: range)
    case .number(let property, let range): return range.contains(target.value(property, atom))
    case .recursive(let index): return try matchesNested(index, atom, pattern, target)
    case .not(let inner): return !(try holds(inner, atom, pattern, target))
    case .all(let parts):
      for part in parts where !(try holds(part, atom, pattern, target)) { return false }
      return true
    case .either(let parts):
      for part in parts where try holds(part, atom, pattern, target) { return true }
      return false
    }
  }

  private mutating func matchesNested(
    _ index: Int, _ atom: Int, _ pattern: SMARTSPattern, _ target: MatchTarget
  ) throws(MatchError) -> Bool {
    let first = index * target.words.count
    if answers[first + atom] != 0 { return answers[first + atom] == 2 }
    let nested = pattern.nested[index]
    guard Self.isPossible(nested, target) else {
      for other in target.words.indices { answers[first + other] = 1 }
      return false
    }
    // All atoms at once: the scratch space of the nested search is made only once.
    var search = PatternSearch(nested, target, usesStereo: usesStereo, budget: budget)
    let start = nested.plan.steps[0]
    for other in target.words.indices {
      let word = target.words[other]
      if word.meets(start.forbidden) {
        answers[first + other] = 1
        continue
      }
      search.restart(nested, at: Int32(truncatingIfNeeded: other))
      answers[first + other] = try search.next(nested, target) ? 2 : 1
    }
    budget = search.budget
    return answers[first + atom] == 2
  }
}

extension MolecularGraph {
  /// The number of the connected part of each atom; [A].
  func fragmentLabels() -> [Int32] {
    var labels = [Int32](repeating: -1, count: atoms.count)
    var pending: [Int32] = []
    var count: Int32 = 0
    for root in atoms.indices where labels[root] < 0 {
      labels[root] = count
      pending.append(Int32(root))
      while let atom = pending.popLast() {
        for slot in neighborRange(Int(atom)) where labels[Int(neighborAtoms[slot])] < 0 {
          labels[Int(neighborAtoms[slot])] = count
          pending.append(neighborAtoms[slot])
        }
      }
      count += 1
    }
    return labels
  }
}
