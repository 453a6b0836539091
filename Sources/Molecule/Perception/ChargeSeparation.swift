extension MolecularGraph {
  /// Rewrites neutral spellings of charged groups, as RDKit's clean-up step does.
  ///
  /// `N(=O)=O` becomes `[N+](=O)[O-]`, `N=N#N` becomes `N=[N+]=[N-]`, halogen oxides and
  /// `C=P(=O)` become charge-separated.
  mutating func separateCharges() {
    for index in atoms.indices where atoms[index].charge == 0 {
      switch atoms[index].element.number {
      case 7: separateNitrogen(index)
      case 15: separatePhosphorus(index)
      case 17, 35, 53: separateHalogen(index)
      default: break
      }
    }
  }

  private mutating func separateNitrogen(_ index: Int) {
    guard bondOrderSum(index) == 5 else { return }
    for slot in neighborRange(index) {
      let (bond, neighbor) = (Int(neighborBonds[slot]), Int(neighborAtoms[slot]))
      guard !bonds[bond].isAromatic, atoms[neighbor].charge == 0 else { continue }
      switch (atoms[neighbor].element, bonds[bond].order) {
      case (.oxygen, .double): bonds[bond].order = .single
      case (.nitrogen, .triple): bonds[bond].order = .double
      default: continue
      }
      atoms[index].charge = 1
      atoms[neighbor].charge = -1
      return
    }
  }

  private mutating func separatePhosphorus(_ index: Int) {
    guard degree(index) == 3, bondOrderSum(index) == 5 else { return }
    let doubles = neighborRange(index).filter {
      let bond = bonds[Int(neighborBonds[$0])]
      return bond.order == .double && !bond.isAromatic
    }
    let oxide = doubles.first { atoms[Int(neighborAtoms[$0])].element == .oxygen }
    let partner = doubles.contains {
      let element = atoms[Int(neighborAtoms[$0])].element
      return element == .carbon || element == .nitrogen
    }
    guard let oxide, partner, atoms[Int(neighborAtoms[oxide])].charge == 0 else { return }
    bonds[Int(neighborBonds[oxide])].order = .single
    atoms[index].charge = 1
    atoms[Int(neighborAtoms[oxide])].charge = -1
  }

  private mutating func separateHalogen(_ index: Int) {
    guard degree(index) > 0, bondOrderSum(index) > 1 else { return }
    let range = neighborRange(index)
    guard [3, 5, 7].contains(bondOrderSum(index)),
      range.allSatisfy({ atoms[Int(neighborAtoms[$0])].element == .oxygen })
    else { return }
    for slot in range {
      let (bond, oxygen) = (Int(neighborBonds[slot]), Int(neighborAtoms[slot]))
      guard bonds[bond].order == .double, atoms[oxygen].charge == 0 else { continue }
      bonds[bond].order = .single
      atoms[oxygen].charge = -1
      atoms[index].charge += 1
    }
  }
}
