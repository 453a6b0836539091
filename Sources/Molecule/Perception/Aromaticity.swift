/// What an atom can give to a ring of π electrons.
enum ElectronDonor {
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
  /// Marks aromatic atoms and bonds of a Kekulé structure by the RDKit model ("RDKit Book",
  /// Aromaticity): 4n + 2 electrons in a ring or in up to six fused rings.
  mutating func markAromaticity() {
    guard rings.count > 0 else { return }
    var donors = [ElectronDonor](repeating: .none, count: atoms.count)
    for index in atoms.indices where atoms[index].isInRing {
      let donor = electronDonor(index)
      donors[index] = isAromaticCandidate(index, donor) ? donor : .none
    }
    let candidates = (0..<rings.count).filter { ring in
      let members = rings.atoms(ring)
      return members.allSatisfy { donors[Int($0)] != .none }
        && members.contains { atoms[Int($0)].element != .wildcard }
    }
    guard !candidates.isEmpty else { return }
    var fusion = RingFusion(graph: self, candidates: candidates, donors: donors)
    fusion.search()
    for index in atoms.indices where fusion.isAromaticAtom[index] { atoms[index].isAromatic = true }
    for index in bonds.indices where fusion.isAromaticBond[index] { bonds[index].isAromatic = true }
  }

  /// Electrons an atom can give, RDKit's donor types.
  private func electronDonor(_ index: Int) -> ElectronDonor {
    let atom = atoms[index]
    var cyclicMultiple = false
    var exocyclic = -1
    for slot in neighborRange(index) {
      let bond = bonds[Int(neighborBonds[slot])]
      guard bond.order == .double || bond.order == .triple || bond.order == .quadruple else {
        continue
      }
      if bond.isInRing { cyclicMultiple = true } else { exocyclic = Int(neighborAtoms[slot]) }
    }
    if atom.element == .wildcard { return cyclicMultiple ? .one : .any }
    guard var electrons = availableElectrons(index) else { return .none }
    let losesElectron =
      exocyclic >= 0 && atoms[exocyclic].element.isMoreElectronegative(than: atom.element)
    switch electrons {
    case ..<0: return .none
    case 0:
      if exocyclic >= 0 { return .vacant }
      return cyclicMultiple ? .one : .none
    case 1:
      if exocyclic >= 0 { return losesElectron ? .vacant : .one }
      if cyclicMultiple { return .one }
      return atom.charge == 1 ? .vacant : .none
    default:
      if losesElectron { electrons -= 1 }
      return electrons % 2 == 1 ? .one : .two
    }
  }

  /// Electrons left for π bonding after σ bonds and hydrogens; nil for atoms that cannot be flat.
  private func availableElectrons(_ index: Int) -> Int? {
    let atom = atoms[index]
    let valence = atom.element.defaultValence
    guard valence > 1 else { return nil }
    var degree = atom.hydrogens
    var unsaturation = 0
    for slot in neighborRange(index) {
      let contribution = bonds[Int(neighborBonds[slot])].valence(at: Int32(index))
      guard contribution > 0 else { continue }
      degree += 1
      unsaturation += contribution - 1
    }
    guard degree <= 3 else { return nil }
    let lonePair = max(atom.element.outerElectrons - valence - Int(atom.charge), 0)
    let count = valence - degree + lonePair - radicalElectrons(index)
    return count > 1 && unsaturation > 1 ? 1 : count
  }

  private func isAromaticCandidate(_ index: Int, _ donor: ElectronDonor) -> Bool {
    let atom = atoms[index]
    guard donor != .none, atom.element.mayBeAromatic else { return false }
    let lowest = atom.element.defaultValence
    let shifted = Int(atom.element.number) - Int(atom.charge)
    if lowest > 0, shifted >= 0, shifted <= 118 {
      let isoelectronic = Element(number: UInt8(shifted)).defaultValence
      if bondOrderSum(index) > isoelectronic { return false }
    }
    if radicalElectrons(index) > 0, atom.element != .carbon || atom.charge != 0 { return false }
    var multiple = 0
    for slot in neighborRange(index) {
      let order = bonds[Int(neighborBonds[slot])].order
      if order == .double || order == .triple { multiple += 1 }
    }
    return multiple <= 1
  }
}
