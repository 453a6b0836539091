/// Numbers that describe a molecule as a whole, as medicinal chemistry uses them.
///
/// All are computed in one pass over a perceived graph, in time linear in its atoms, bonds and
/// rings. Definitions are those of RDKit 2026.09, which the tests compare with.
public struct MolecularDescriptors: Sendable, Equatable {
  /// Molecular weight in g/mol.
  public let molecularWeight: Double
  /// Mass of the most abundant, or the stated, isotopes in u.
  public let exactMass: Double
  /// Atoms other than hydrogen and wildcards.
  public let heavyAtomCount: Int
  /// Atoms other than carbon and hydrogen.
  public let heteroatomCount: Int
  /// Sum of the formal charges.
  public let totalCharge: Int
  /// Hydrogen-bond donors, see ``MolecularGraph/hydrogenBondDonorCount``.
  public let hydrogenBondDonors: Int
  /// Hydrogen-bond acceptors, see ``MolecularGraph/hydrogenBondAcceptorCount``.
  public let hydrogenBondAcceptors: Int
  /// Hydrogens on nitrogen and oxygen, Lipinski's count of donors.
  public let lipinskiDonors: Int
  /// Nitrogen and oxygen atoms, Lipinski's count of acceptors.
  public let lipinskiAcceptors: Int
  /// Rotatable bonds, see ``MolecularGraph/rotatableBondCount``.
  public let rotatableBonds: Int
  /// Topological polar surface area of nitrogen and oxygen in Å².
  public let polarSurfaceArea: Double
  /// Log P by atom contributions.
  public let logP: Double
  /// Molar refractivity in cm³/mol by atom contributions.
  public let molarRefractivity: Double
  /// Part of the carbon atoms that have four neighbours, 0...1.
  public let fractionSP3: Double
  /// Rings by kind.
  public let rings: RingCounts

  /// Computes all descriptors.
  public init(of graph: MolecularGraph) {
    let surroundings = AtomSurroundings(graph)
    molecularWeight = graph.molecularWeight
    exactMass = graph.exactMass
    totalCharge = graph.totalCharge
    var (heavy, hetero, donors, acceptors, polarHydrogens, polar) = (0, 0, 0, 0, 0, 0)
    for (index, atom) in graph.atoms.enumerated() where atom.element != .hydrogen {
      if atom.element != .wildcard { heavy += 1 }
      if atom.element == .carbon { continue }
      hetero += 1
      if surroundings.isDonor(index) { donors += 1 }
      if surroundings.isAcceptor(index) { acceptors += 1 }
      if atom.element == .nitrogen || atom.element == .oxygen {
        polar += 1
        polarHydrogens += Int(surroundings.hydrogens[index])
      }
    }
    heavyAtomCount = heavy
    heteroatomCount = hetero
    hydrogenBondDonors = donors
    hydrogenBondAcceptors = acceptors
    lipinskiDonors = polarHydrogens
    lipinskiAcceptors = polar
    rotatableBonds = surroundings.rotatableBondCount()
    polarSurfaceArea = surroundings.polarSurfaceArea(includingSulfurAndPhosphorus: false)
    (logP, molarRefractivity) = surroundings.crippenSums()
    fractionSP3 = graph.fractionSP3
    rings = RingCounts(of: graph)
  }

  /// How many of the four rules of five are broken, 0...4.
  ///
  /// Weight over 500, log P over 5, more than 5 donors, more than 10 acceptors, both by Lipinski's
  /// counts (Lipinski et al., Adv. Drug Deliv. Rev. 1997, 23, 3).
  public var ruleOfFiveViolations: Int {
    (molecularWeight > 500 ? 1 : 0) + (logP > 5 ? 1 : 0) + (lipinskiDonors > 5 ? 1 : 0)
      + (lipinskiAcceptors > 10 ? 1 : 0)
  }
}
