/// The orbitals of an atom that hold its neighbours and lone pairs.
public enum Hybridization: Int, Sendable {
  /// No or one neighbour and lone pair together.
  case s = 0
  /// Two.
  case sp = 1
  /// Three, or four of which a lone pair takes part in a π system.
  case sp2 = 2
  /// Four.
  case sp3 = 3
  /// Five.
  case sp3d = 4
  /// Six or more.
  case sp3d2 = 5
}

extension MolecularGraph {
  /// The hybridisation of an atom by RDKit's rule: neighbours, hydrogens, lone pairs and, below an
  /// octet, unpaired electrons are counted.
  ///
  /// An atom of four with three neighbours or fewer is sp² beside a π system.
  public func hybridization(_ index: Int) -> Hybridization {
    let atom = atoms[index]
    guard atom.element != .wildcard else { return .s }
    var bonded = atom.hydrogens
    var used = atom.hydrogens
    for slot in neighborRange(index) {
      bonded += 1
      used += bonds[Int(neighborBonds[slot])].valence(at: Int32(truncatingIfNeeded: index))
    }
    if atom.element == .hydrogen { return .s }
    let outer = atom.element.outerElectrons - Int(atom.charge)
    // Past an octet an odd electron is no orbital of its own.
    let radicals = used + outer < 8 ? radicalElectrons(index) : 0
    let free = outer - used - radicals
    let orbitals = bonded + max(free, 0) / 2 + radicals
    switch orbitals {
    case ...1: return .s
    case 2: return .sp
    case 3: return .sp2
    case 4: return bonded > 3 || !isConjugated(index) ? .sp3 : .sp2
    case 5: return .sp3d
    default: return .sp3d2
    }
  }

  /// Whether an atom can be part of a π system: no halogen, and no phosphorus, nor sulfur or the like
  /// with two neighbours (RDKit's rule).
  private func mayConjugate(_ index: Int) -> Bool {
    let element = atoms[index].element
    guard element.defaultValence != 0, element.defaultValence != 1 else { return false }
    if element.number <= 10 { return true }
    switch element.outerElectrons {
    case 5: return false
    case 6: return degree(index) + atoms[index].hydrogens < 2
    default: return true
    }
  }

  /// Whether a single bond of the atom leads to a π system that its lone pair can join, or its own
  /// double bond lies next to one, as that of a carbonyl whose oxygen gives a pair to a metal.
  private func isConjugated(_ index: Int) -> Bool {
    if atoms[index].isAromatic { return true }
    guard mayConjugate(index) else { return false }
    return neighborRange(index).contains { slot in
      let neighbor = Int(neighborAtoms[slot])
      if atoms[neighbor].isAromatic { return true }
      guard mayConjugate(neighbor) else { return false }
      let isDouble = bonds[Int(neighborBonds[slot])].order == .double
      if isDouble, extendsPiSystem(neighbor, beyond: index) { return true }
      return neighborRange(neighbor).contains {
        let bond = bonds[Int(neighborBonds[$0])]
        return Int(neighborAtoms[$0]) != index
          && (bond.order == .double || bond.order == .triple)
      }
    }
  }

  /// Whether an atom with a double bond to `origin` has a neighbour with a π bond or a lone pair.
  private func extendsPiSystem(_ index: Int, beyond origin: Int) -> Bool {
    neighborRange(index).contains { slot in
      let neighbor = Int(neighborAtoms[slot])
      guard neighbor != origin, mayConjugate(neighbor) else { return false }
      return atoms[neighbor].isAromatic || atoms[neighbor].element.outerElectrons > 4
        || neighborRange(neighbor).contains {
          let bond = bonds[Int(neighborBonds[$0])]
          return Int(neighborAtoms[$0]) != index
            && (bond.order == .double || bond.order == .triple)
        }
    }
  }
}
