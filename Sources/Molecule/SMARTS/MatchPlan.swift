/// The order in which pattern atoms are matched.
struct MatchPlan: Sendable {
  struct Step: BitwiseCopyable, Sendable {
    /// The pattern atom.
    var atom: Int
    /// A matched pattern atom to which a bond leads, or -1 where a new part starts.
    var anchor = -1
    /// Kinds of that bond, seen from the anchor.
    var mask: UInt16 = 0
    /// Values that the atom may not have: the masks of the test that speak of one property each.
    var forbidden = AtomWord.none
    /// Range of the masks that speak of several properties in ``MatchPlan/masks``.
    var maskStart = 0
    var maskEnd = 0
    /// Range of further bonds to matched atoms in ``MatchPlan/closures``.
    var closureStart = 0
    var closureEnd = 0
    /// Whether the atom's test has a part that masks cannot say.
    var hasRest = false
    /// The `$()` that is the whole of that part, or -1.
    var nested = -1
  }

  private(set) var steps: [Step] = []
  private(set) var masks: [AtomWord] = []
  /// Every mask of every step once: each has to be met by some atom of a molecule.
  let needs: [AtomWord]
  /// Kinds of each bond, either way round.
  let bondMasks: [UInt16]
  /// Matched pattern atom, and the kinds of bond seen from it.
  private(set) var closures: [(atom: Int, mask: UInt16)] = []

  init(
    tests: [AtomTest], atoms: [SMARTSParser.Atom], bonds: [SMARTSParser.Bond], startsAtFirst: Bool
  ) {
    let isCyclic = PatternCycles.cyclicBonds(atomCount: atoms.count, bonds: bonds)
    let kinds = bonds.indices.map { index in
      BondMask(bits: bonds[index].mask.bits & (isCyclic[index] ? BondMask.ring.bits : ~0))
    }
    bondMasks = kinds.map { $0.bits | $0.reversed.bits }
    let tests = Self.adding(implied: isCyclic, to: tests, atoms)
    var needs: [AtomWord] = []
    for mask in tests.flatMap(\.masks) where !needs.contains(mask) { needs.append(mask) }
    self.needs = needs
    let weights = tests.map(Self.frequency)
    var isPlaced = [Bool](repeating: false, count: tests.count)
    var remaining = tests.count
    var isFirst = startsAtFirst
    while remaining > 0 {
      // A new part starts at its rarest atom; within a part, the rarest atom that is in reach.
      var frontier: [Int] = []
      let open = tests.indices.filter { !isPlaced[$0] }
      var next = isFirst ? 0 : open.min { weights[$0] < weights[$1] } ?? open[0]
      isFirst = false
      while true {
        let links = atoms[next].bonds.filter { $0 >= 0 }.compactMap { index -> (Int, UInt16)? in
          let bond = bonds[index]
          let other = bond.begin == next ? bond.end : bond.begin
          guard isPlaced[other] else { return nil }
          return (other, other == bond.begin ? kinds[index].bits : kinds[index].reversed.bits)
        }
        isPlaced[next] = true
        remaining -= 1
        add(next, tests[next], links)
        for index in atoms[next].bonds where index >= 0 {
          let other = bonds[index].begin == next ? bonds[index].end : bonds[index].begin
          if !isPlaced[other], !frontier.contains(other) { frontier.append(other) }
        }
        guard let best = frontier.min(by: { weights[$0] < weights[$1] }) else { break }
        frontier.removeAll { $0 == best }
        next = best
      }
    }
  }

  private mutating func add(_ atom: Int, _ test: AtomTest, _ links: [(Int, UInt16)]) {
    var step = Step(atom: atom)
    if let link = links.first { (step.anchor, step.mask) = link }
    step.closureStart = closures.count
    closures += links.dropFirst().map { (atom: $0.0, mask: $0.1) }
    step.closureEnd = closures.count
    step.maskStart = masks.count
    for mask in test.masks {
      if let field = AtomWord.fields.first(where: { $0.holds(mask) }) {
        step.forbidden = step.forbidden | field.mask.without(mask)
      } else {
        masks.append(mask)
      }
    }
    step.maskEnd = masks.count
    step.hasRest = test.rest != nil
    if case .recursive(let index) = test.rest { step.nested = index }
    steps.append(step)
  }

  /// The tests with what the bonds of the pattern imply: an atom has at least as many neighbours,
  /// and at least as many bonds in rings.
  private static func adding(
    implied isCyclic: [Bool], to tests: [AtomTest], _ atoms: [SMARTSParser.Atom]
  ) -> [AtomTest] {
    var tests = tests
    for index in tests.indices {
      let bonds = atoms[index].bonds.filter { $0 >= 0 }
      let cyclic = bonds.count { isCyclic[$0] }
      if bonds.count > 1, let mask = AtomWord.degree.mask(bonds.count...Int.max) {
        tests[index].masks.append(mask)
      }
      if cyclic > 1, let mask = AtomWord.ringBonds.mask(cyclic...Int.max) {
        tests[index].masks.append(mask)
      }
    }
    return tests
  }

  /// A rough share of the atoms of drug-like molecules that pass the masks.
  private static func frequency(_ test: AtomTest) -> Double {
    var share = test.rest == nil ? 1.0 : 0.7
    for mask in test.masks {
      var sum = 0.0
      for (bit, weight) in common where mask.meets(bit) { sum += weight }
      if mask.low & AtomWord.element.mask.low != 0 {
        share *= max(sum, 0.002)
      } else {
        share *= 0.5
      }
    }
    return share
  }

  private static let common: [(AtomWord, Double)] = [
    (AtomWord.element.bit(3), 0.72), (AtomWord.element.bit(4), 0.1),
    (AtomWord.element.bit(5), 0.13), (AtomWord.element.bit(6), 0.012),
    (AtomWord.element.bit(10), 0.015), (AtomWord.element.bit(11), 0.01),
    (AtomWord.element.bit(9), 0.005), (AtomWord.element.bit(14), 0.003),
  ]
}
