extension MolecularGraph {
  /// Number of hydrogen-bond donors: nitrogen with hydrogen, hydroxyl, thiol.
  public var hydrogenBondDonorCount: Int {
    let surroundings = AtomSurroundings(self)
    return atoms.indices.count { surroundings.isDonor($0) }
  }

  /// Number of hydrogen-bond acceptors; amide nitrogen and the hydroxyl of acids are none.
  public var hydrogenBondAcceptorCount: Int {
    let surroundings = AtomSurroundings(self)
    return atoms.indices.count { surroundings.isAcceptor($0) }
  }

  /// Number of rotatable bonds: single bonds outside rings between atoms that are not terminal, no
  /// amides, esters, triple bonds, CH₃, CF₃ or C(CH₃)₃ ends.
  public var rotatableBondCount: Int { AtomSurroundings(self).rotatableBondCount() }

  /// Topological polar surface area in Å² of nitrogen and oxygen, on request of S and P too.
  ///
  /// Ertl, Rohde and Selzer, J. Med. Chem. 2000, 43, 3714.
  public func polarSurfaceArea(includingSulfurAndPhosphorus: Bool = false) -> Double {
    AtomSurroundings(self).polarSurfaceArea(
      includingSulfurAndPhosphorus: includingSulfurAndPhosphorus)
  }

  /// Octanol–water log P by atom contributions.
  ///
  /// Wildman and Crippen, J. Chem. Inf. Comput. Sci. 1999, 39, 868.
  public var crippenLogP: Double { AtomSurroundings(self).crippenSums().logP }

  /// Molar refractivity in cm³/mol by atom contributions (Wildman and Crippen 1999).
  public var crippenRefractivity: Double { AtomSurroundings(self).crippenSums().refractivity }
}
