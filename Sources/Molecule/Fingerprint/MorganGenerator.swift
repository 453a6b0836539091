/// Extended-connectivity fingerprints, also called Morgan fingerprints or ECFP and FCFP.
///
/// Rogers and Hahn, "Extended-Connectivity Fingerprints", J. Chem. Inf. Model. 2010, 50, 742. Every
/// atom starts from an invariant; `radius` times it takes in its neighbours' identifiers. Of
/// environments over the same bonds the one of least radius is kept, then that of least
/// identifier. Without the chirality option the identifiers and counts are those of RDKit's Morgan
/// generator, so that fingerprints of both can be compared with one another.
///
/// Molecules of more than ``bondSetLimit`` bonds tell environments apart by 64-bit sums over
/// their bonds, which do not pass through atoms of more than 32 neighbours, so that the work stays
/// linear.
public struct MorganGenerator: FingerprintGenerator {
  /// What an atom is before it looks at its neighbours.
  public enum Invariants: Sendable {
    /// Element, total degree, hydrogens, charge, isotope and ring membership: ECFP.
    case connectivity
    /// Donor, acceptor, aromatic, halogen, basic and acidic: FCFP.
    case features
  }

  /// Bonds up to which environments are exact sets of bonds.
  public static let bondSetLimit = 1024

  /// Largest distance from the centre, in bonds.
  public let radius: Int
  /// What an atom is by itself.
  public let invariants: Invariants
  /// Whether bond orders count; otherwise all bonds are alike.
  public let usesBondTypes: Bool
  /// Whether the handedness of centres and the arrangement of double bonds count.
  public let usesChirality: Bool

  var current: [UInt32] = []
  var next: [UInt32] = []
  var isDead: [Bool] = []
  var bondCodes: [UInt32] = []
  var sets: [UInt64] = []
  var earlierSets: [UInt64] = []
  var keys: [UInt64] = []
  var environments = EnvironmentSet()
  var occurrences: [UInt64] = []
  var sorter = IdentifierSort()

  /// A generator of environments up to `radius` bonds, 2 for ECFP4 and FCFP4.
  public init(
    radius: Int = 2, invariants: Invariants = .connectivity, usesBondTypes: Bool = true,
    usesChirality: Bool = false
  ) {
    precondition(radius >= 0, "radius \(radius)")
    self.radius = radius
    self.invariants = invariants
    self.usesBondTypes = usesBondTypes
    self.usesChirality = usesChirality
  }

  /// Identifiers below 2³² with their counts; O(A · radius) for molecules of bounded size.
  public mutating func counts(of graph: MolecularGraph) -> CountFingerprint {
    collect(graph)
    sorter.sortHashes(&occurrences)
    return CountFingerprint(sorted: occurrences.span)
  }

  /// One bit for each identifier at its remainder by `size`, as in RDKit.
  public mutating func bits(of graph: MolecularGraph, size: Int) -> BitFingerprint {
    collect(graph)
    return BitFingerprint(size: size, folding: occurrences)
  }
}

extension BitFingerprint {
  /// Sets the bit of every identifier at its remainder by `size`.
  init(size: Int, folding identifiers: [UInt64]) {
    self.init(size: size)
    let divisor = UInt64(size)
    if divisor.nonzeroBitCount == 1 {
      for identifier in identifiers { insert(Int(identifier & (divisor - 1))) }
    } else {
      for identifier in identifiers { insert(Int(identifier % divisor)) }
    }
  }
}
