/// What an atom can give to a ring of π electrons.
enum ElectronDonor: UInt8 {
  case none, vacant, one, two, any

  var range: (low: Int, high: Int) {
    switch self {
    case .none, .vacant: (0, 0)
    case .one: (1, 1)
    case .two: (2, 2)
    case .any: (1, 2)
    }
  }
}

extension MolecularGraph {
  /// In rings of more atoms oxygen and sulfur give no pair: oxonin and dithiecins are not aromatic
  /// to RDKit, where azonine and selenonin are.
  private static let largestRingOfPairs = 8

  /// Marks aromatic atoms and bonds of a Kekulé structure by the RDKit model ("RDKit Book",
  /// Aromaticity): 4n + 2 electrons in a ring or in up to six fused rings.
  mutating func markAromaticity() {
    guard rings.count > 0 else { return }
    let donors = FixedArray<ElectronDonor>(repeating: .none, count: atoms.count)
    for index in atoms.indices where atoms[index].isInRing {
      let bonding = RingAtomBonding(of: index, in: self)
      let donor = electronDonor(index, bonding)
      if isAromaticCandidate(index, donor, bonding) { donors[index] = donor }
    }
    let candidates = FixedArray<Int32>(repeating: 0, count: rings.count)
    var candidateCount = 0
    for ring in 0..<rings.count {
      var hasElement = false
      var mayBeAromatic = true
      let isLarge = rings.size(ring) > Self.largestRingOfPairs
      for atom in rings.atoms(ring) {
        let donor = donors[Int(atom)]
        mayBeAromatic =
          mayBeAromatic && donor != .none
          && !(isLarge && donor == .two && atoms[Int(atom)].element.isOxygenOrSulfur)
        hasElement = hasElement || atoms[Int(atom)].element != .wildcard
      }
      guard mayBeAromatic, hasElement else { continue }
      candidates[candidateCount] = Int32(truncatingIfNeeded: ring)
      candidateCount += 1
    }
    guard candidateCount > 0 else { return }
    let fusion = RingFusion(
      graph: self, candidates: candidates.array(first: candidateCount), donors: donors)
    fusion.search()
    for index in atoms.indices where fusion.isAromaticAtom[index] { atoms[index].isAromatic = true }
    for index in bonds.indices where fusion.isAromaticBond[index] { bonds[index].isAromatic = true }
  }

  /// Electrons an atom can give, RDKit's donor types.
  private func electronDonor(_ index: Int, _ bonding: RingAtomBonding) -> ElectronDonor {
    let atom = atoms[index]
    if atom.element == .wildcard { return bonding.hasRingMultiple ? .one : .any }
    guard var electrons = availableElectrons(index, bonding) else { return .none }
    let isExocyclic = bonding.exocyclic >= 0
    let losesElectron =
      isExocyclic
      && atoms[Int(bonding.exocyclic)].element.isMoreElectronegative(than: atom.element)
    switch electrons {
    case ..<0: return .none
    case 0:
      if isExocyclic { return .vacant }
      return bonding.hasRingMultiple ? .one : .none
    case 1:
      if isExocyclic { return losesElectron ? .vacant : .one }
      if bonding.hasRingMultiple { return .one }
      return atom.charge == 1 ? .vacant : .none
    default:
      if losesElectron { electrons -= 1 }
      return electrons % 2 == 1 ? .one : .two
    }
  }

  /// Electrons left for π bonding after σ bonds and hydrogens; nil for atoms that cannot be flat.
  private func availableElectrons(_ index: Int, _ bonding: RingAtomBonding) -> Int? {
    let atom = atoms[index]
    let valence = atom.element.defaultValence
    guard valence > 1 else { return nil }
    let degree = atom.hydrogens + bonding.neighbors
    guard degree <= 3 else { return nil }
    let lonePair = max(atom.element.outerElectrons - valence - Int(atom.charge), 0)
    let radicals = radicalElectrons(index, valence: bonding.valence)
    let count = valence - degree + lonePair - radicals
    return count > 1 && bonding.unsaturation > 1 ? 1 : count
  }

  private func isAromaticCandidate(
    _ index: Int, _ donor: ElectronDonor, _ bonding: RingAtomBonding
  ) -> Bool {
    let atom = atoms[index]
    guard donor != .none, atom.element.mayBeAromatic else { return false }
    let lowest = atom.element.defaultValence
    let shifted = Int(atom.element.number) - Int(atom.charge)
    if lowest > 0, shifted >= 0, shifted <= 118 {
      let isoelectronic = Element(number: UInt8(shifted)).defaultValence
      if bonding.valence > isoelectronic { return false }
    }
    if atom.element != .carbon || atom.charge != 0,
      radicalElectrons(index, valence: bonding.valence) > 0
    {
      return false
    }
    return bonding.doubleOrTriple <= 1
  }
}

/// What the bonds of an atom of a Kekulé structure say about its π electrons.
private struct RingAtomBonding {
  /// Sum of bond orders and hydrogens.
  var valence: Int
  /// Neighbours whose bond takes of the valence.
  var neighbors = 0
  /// Sum of bond orders beyond one.
  var unsaturation = 0
  /// Double and triple bonds.
  var doubleOrTriple = 0
  /// Whether a multiple bond lies on a ring.
  var hasRingMultiple = false
  /// Neighbour over the last multiple bond outside rings, or -1.
  var exocyclic: Int32 = -1

  init(of index: Int, in graph: MolecularGraph) {
    valence = graph.atoms[index].hydrogens
    for slot in graph.neighborRange(index) {
      let bond = graph.bonds[Int(graph.neighborBonds[slot])]
      let contribution = bond.valence(at: Int32(truncatingIfNeeded: index))
      if contribution == 0 { continue }
      valence += contribution
      neighbors += 1
      unsaturation += contribution - 1
      guard contribution > 1 else { continue }
      if contribution <= 3 { doubleOrTriple += 1 }
      if bond.isInRing { hasRingMultiple = true } else { exocyclic = graph.neighborAtoms[slot] }
    }
  }
}
