/// A stereodescriptor of the Cahn–Ingold–Prelog system (IUPAC 2013, P-91.2).
public enum CIPLabel: String, Sendable {
  /// `R`: the three senior neighbours run clockwise, seen with the junior one behind.
  case rectus = "R"
  /// `S`: they run anticlockwise.
  case sinister = "S"
  /// `r`: as `R` at a pseudo-asymmetric centre, whose label stays in the mirror image.
  case pseudoRectus = "r"
  /// `s`: as `S` at a pseudo-asymmetric centre.
  case pseudoSinister = "s"
  /// `Z`: the senior neighbours of a double bond lie on the same side.
  case zusammen = "Z"
  /// `E`: they lie on opposite sides.
  case entgegen = "E"
  /// `z` (*seqCis*): as `Z` where one end is told apart by handedness alone (Rule 5).
  case sequenceCis = "z"
  /// `e` (*seqTrans*): as `E` in that case.
  case sequenceTrans = "e"
}

/// The labels of a molecule's stereocentres and double bonds.
public struct CIPLabels: Sendable, Equatable {
  /// The label of each atom, nil without one; [A], or empty when no atom has one.
  public internal(set) var atoms: [CIPLabel?] = []
  /// The label of each bond, nil without one; [B], or empty when no bond has one.
  public internal(set) var bonds: [CIPLabel?] = []
  /// Whether at least one centre or bond has no label because the work limit was reached.
  public internal(set) var isLimitReached = false

  /// Whether nothing is labelled.
  public var isEmpty: Bool { atoms.isEmpty && bonds.isEmpty }

  /// The label of an atom.
  public func atom(_ index: Int) -> CIPLabel? { atoms.isEmpty ? nil : atoms[index] }

  /// The label of a bond.
  public func bond(_ index: Int) -> CIPLabel? { bonds.isEmpty ? nil : bonds[index] }
}

extension MolecularGraph {
  /// Comparisons, and steps of like cost, that one centre or bond may take.
  public static let cipWorkLimit = 500_000
  /// The same for all centres and bonds of a molecule together.
  public static let cipTotalWorkLimit = 4_000_000

  /// Labels tetrahedral centres R, S, r or s and double bonds Z, E, z or e.
  ///
  /// The hierarchical digraph of Hanson, Musacchio, Mayfield et al., J. Chem. Inf. Model. 2018, 58,
  /// 1755, with their Rules 1a, 1b (as they propose it), 2, 3, 4a, 4b, 4c, 5 and 6 and mean atomic
  /// numbers in mancude rings; where the paper leaves a choice, that of RDKit's `rdCIPLabeler`. Only
  /// stated configurations are labelled. Allenes, axes and coordination centres (`@AL`, `@SP`,
  /// `@TB`, `@OH`) get no label and take no part in the labels of others.
  ///
  /// Digraphs of cages and of large symmetric molecules grow exponentially. Past
  /// ``cipWorkLimit`` a centre or bond stays without a label, past ``cipTotalWorkLimit`` all that
  /// follow it do, and ``CIPLabels/isLimitReached`` says so: a label is right or missing.
  public func cipLabels() -> CIPLabels {
    guard var labeler = CIPLabeler(self) else { return CIPLabels() }
    return labeler.labels()
  }
}
