package import Molecule

/// What can be said about one molecule by itself.
package struct MoleculeDescription: Sendable {
  package let molecule: ReadMolecule
  package let canonical: String
  package let kekule: String
  package let scaffold: String
  package let descriptors: MolecularDescriptors
  package let labels: CIPLabels
  /// Whether sparse fingerprints are told beside bits and keys.
  package var hasSparseFingerprints = false
  /// Morgan bits of the molecule that it is compared with.
  package var reference: BitFingerprint?
  /// Steps of the search for one functional group; past them no groups are told.
  package var groupSteps = Self.usualGroupSteps
  /// Atoms of each match of the pattern that was asked for.
  package var matches: [[Int]]?

  /// What one group may cost where nobody waits.
  package static let usualGroupSteps = 10_000_000

  /// Finds out everything that is always told.
  package init(_ molecule: ReadMolecule) {
    self.molecule = molecule
    canonical = molecule.smiles
    kekule = molecule.graph.canonicalSMILES(molecule.options.union(.kekule))
    scaffold = molecule.graph.murckoScaffold().canonicalSMILES()
    descriptors = MolecularDescriptors(of: molecule.graph)
    labels = molecule.graph.cipLabels()
  }

  package var graph: MolecularGraph { molecule.graph }

  package var aromaticAtoms: [Int] { graph.atoms.indices.filter { graph.atoms[$0].isAromatic } }

  /// The rings of the cycle basis: atoms in order and whether all bonds are aromatic.
  package var rings: [(atoms: [Int], isAromatic: Bool)] {
    (0..<graph.rings.count).filter(graph.rings.isInBasis).map { ring in
      (
        graph.rings.atoms(ring).map(Int.init),
        graph.rings.bonds(ring).allSatisfy { graph.bonds[Int($0)].isAromatic }
      )
    }
  }

  /// Functional groups and ring systems; throws where ``groupSteps`` do not suffice.
  package func groups() throws(MatchError) -> FunctionalGroupProfile {
    try Self.groups(of: graph, steps: groupSteps)
  }

  /// The same of any molecule.
  package static func groups(
    of graph: MolecularGraph, steps: Int = Self.usualGroupSteps
  ) throws(MatchError) -> FunctionalGroupProfile {
    try FunctionalGroupCatalog.standard.profile(
      of: MatchTarget(graph), limits: MatchLimits(steps: steps, time: nil))
  }
}
