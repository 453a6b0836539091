extension AtomSurroundings {
  /// Topological polar surface area in Å² of nitrogen and oxygen, on request of S and P too.
  ///
  /// Ertl, Rohde and Selzer, J. Med. Chem. 2000, 43, 3714, table 1.
  func polarSurfaceArea(includingSulfurAndPhosphorus: Bool) -> Double {
    var sum = 0.0
    for atom in graph.atoms.indices {
      switch number(atom) {
      case 7: sum += nitrogenArea(PolarBonds(atom, in: self))
      case 8: sum += oxygenArea(PolarBonds(atom, in: self))
      case 15 where includingSulfurAndPhosphorus:
        sum += phosphorusArea(PolarBonds(atom, in: self))
      case 16 where includingSulfurAndPhosphorus: sum += sulfurArea(PolarBonds(atom, in: self))
      default: break
      }
    }
    return sum
  }

  private func nitrogenArea(_ atom: PolarBonds) -> Double {
    switch (atom.neighbors, atom.hydrogens, atom.charge) {
    case (1, 0, 0) where atom.triple == 1: 23.79
    case (1, 1, 0) where atom.double == 1: 23.85
    case (1, 2, 0) where atom.single == 1: 26.02
    case (1, 2, 1) where atom.double == 1: 25.59
    case (1, 3, 1) where atom.single == 1: 27.64
    case (2, 0, 0) where atom.single == 1 && atom.double == 1: 12.36
    case (2, 0, 0) where atom.triple == 1 && atom.double == 1: 13.60
    case (2, 1, 0) where atom.single == 2: atom.isInThreeRing ? 21.94 : 12.03
    case (2, 0, 1) where atom.triple == 1 && atom.single == 1: 4.36
    case (2, 1, 1) where atom.double == 1 && atom.single == 1: 13.97
    case (2, 2, 1) where atom.single == 2: 16.61
    case (2, 0, 0) where atom.aromatic == 2: 12.89
    case (2, 1, 0) where atom.aromatic == 2: 15.79
    case (2, 1, 1) where atom.aromatic == 2: 14.14
    case (3, 0, 0) where atom.single == 3: atom.isInThreeRing ? 3.01 : 3.24
    case (3, 0, 0) where atom.single == 1 && atom.double == 2: 11.68
    case (3, 0, 1) where atom.single == 2 && atom.double == 1: 3.01
    case (3, 1, 1) where atom.single == 3: 4.44
    case (3, 0, 0) where atom.aromatic == 3: 4.41
    case (3, 0, 0) where atom.single == 1 && atom.aromatic == 2: 4.93
    case (3, 0, 0) where atom.double == 1 && atom.aromatic == 2: 8.39
    case (3, 0, 1) where atom.aromatic == 3: 4.10
    case (3, 0, 1) where atom.single == 1 && atom.aromatic == 2: 3.88
    case (4, 0, 1) where atom.single == 4: 0
    default: max(0, 30.5 - 8.2 * Double(atom.neighbors) + 1.5 * Double(atom.hydrogens))
    }
  }

  private func oxygenArea(_ atom: PolarBonds) -> Double {
    switch (atom.neighbors, atom.hydrogens, atom.charge) {
    case (1, 0, 0) where atom.double == 1: 17.07
    case (1, 1, 0) where atom.single == 1: 20.23
    case (1, 0, -1) where atom.single == 1: 23.06
    case (2, 0, 0) where atom.single == 2: atom.isInThreeRing ? 12.53 : 9.23
    case (2, 0, 0) where atom.aromatic == 2: 13.14
    default: max(0, 28.5 - 8.6 * Double(atom.neighbors) + 1.5 * Double(atom.hydrogens))
    }
  }

  private func phosphorusArea(_ atom: PolarBonds) -> Double {
    switch (atom.neighbors, atom.hydrogens, atom.charge) {
    case (2, 0, 0) where atom.single == 1 && atom.double == 1: 34.14
    case (3, 0, 0) where atom.single == 3: 13.59
    case (3, 1, 0) where atom.single == 2 && atom.double == 1: 23.47
    case (4, 0, 0) where atom.single == 3 && atom.double == 1: 9.81
    default: 0
    }
  }

  private func sulfurArea(_ atom: PolarBonds) -> Double {
    switch (atom.neighbors, atom.hydrogens, atom.charge) {
    case (1, 0, 0) where atom.double == 1: 32.09
    case (1, 1, 0) where atom.single == 1: 38.80
    case (2, 0, 0) where atom.single == 2: 25.30
    case (2, 0, 0) where atom.aromatic == 2: 28.24
    case (3, 0, 0) where atom.aromatic == 2 && atom.double == 1: 21.70
    case (3, 0, 0) where atom.single == 2 && atom.double == 1: 19.21
    case (4, 0, 0) where atom.single == 2 && atom.double == 2: 8.38
    default: 0
    }
  }
}

/// What the table of polar surface areas asks of an atom; hydrogens are no neighbours.
private struct PolarBonds {
  private(set) var neighbors = 0
  private(set) var single = 0
  private(set) var double = 0
  private(set) var triple = 0
  private(set) var aromatic = 0
  let hydrogens: Int
  let charge: Int
  private(set) var isInThreeRing = false

  init(_ atom: Int, in surroundings: AtomSurroundings) {
    let graph = surroundings.graph
    hydrogens = Int(surroundings.hydrogens[atom])
    charge = surroundings.charge(atom)
    for slot in graph.neighborRange(atom) {
      guard surroundings.number(Int(graph.neighborAtoms[slot])) != 1 else { continue }
      neighbors += 1
      switch surroundings.kinds[Int(graph.neighborBonds[slot])] {
      case .single: single += 1
      case .double: double += 1
      case .triple: triple += 1
      case .aromatic: aromatic += 1
      case .quadruple, .dative: break
      }
    }
    if graph.atoms[atom].isInRing { isInThreeRing = Self.closesTriangle(atom, graph) }
  }

  private static func closesTriangle(_ atom: Int, _ graph: MolecularGraph) -> Bool {
    guard graph.degree(atom) <= AtomSurroundings.hubDegree else { return false }
    for slot in graph.neighborRange(atom) where graph.bonds[Int(graph.neighborBonds[slot])].isInRing
    {
      let neighbor = Int(graph.neighborAtoms[slot])
      guard graph.degree(neighbor) <= AtomSurroundings.hubDegree else { continue }
      for other in graph.neighborRange(neighbor) {
        let third = graph.neighborAtoms[other]
        if third != Int32(atom),
          graph.neighborRange(atom).contains(where: { graph.neighborAtoms[$0] == third })
        {
          return true
        }
      }
    }
    return false
  }
}
