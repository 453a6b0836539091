/// One atom of a ``MolecularGraph``.
public struct Atom: Sendable, Equatable, BitwiseCopyable {
  /// The element; number 0 is the wildcard `*`.
  public internal(set) var element: Element
  /// Formal charge.
  public internal(set) var charge: Int8 = 0
  /// Mass number, or 0 when the isotope is not stated.
  public internal(set) var isotope: UInt16 = 0
  /// Hydrogens the text states, in a bracket or as merged `[H]` neighbours.
  public internal(set) var explicitHydrogens: UInt8 = 0
  /// Hydrogens the valence model adds; always 0 for bracket atoms.
  public internal(set) var implicitHydrogens: UInt8 = 0
  /// Whether the atom is aromatic after perception.
  public internal(set) var isAromatic = false
  /// Whether a bracket stated the atom, which fixes its hydrogens.
  public internal(set) var isBracket = false
  /// Whether the atom lies on at least one ring.
  public internal(set) var isInRing = false
  /// Whether its neighbour list starts with the atom written before it: the implicit hydrogen
  /// of a stereocentre then stands second in the neighbour order, otherwise first.
  public internal(set) var hasPredecessor = false
  /// The stereo mark, relative to the neighbour order of the graph.
  public internal(set) var chirality = Chirality.none
  /// Atom class (`:n`), 0 when absent.
  public internal(set) var atomClass: UInt32 = 0
  /// Ring digits written at the atom, up to 255.
  var ringDigits: UInt8 = 0
  /// Where the atom starts in the SMILES, UTF-8 bytes from 0.
  public internal(set) var offset: Int32 = 0

  /// All hydrogens that are not atoms of the graph.
  public var hydrogens: Int { Int(explicitHydrogens) + Int(implicitHydrogens) }
}

/// A stereo class and the number of the arrangement within it, as OpenSMILES section 3.8 lists them.
public struct Chirality: Sendable, Equatable, BitwiseCopyable {
  /// The shape around the centre.
  public enum Shape: UInt8, Sendable, BitwiseCopyable {
    /// No mark.
    case none
    /// `@`, `@@` on a tetrahedral centre; `@TH1`, `@TH2`.
    case tetrahedral
    /// `@AL1`, `@AL2`: the centre of an allene.
    case allene
    /// `@SP1`–`@SP3`.
    case squarePlanar
    /// `@TB1`–`@TB20`.
    case trigonalBipyramidal
    /// `@OH1`–`@OH30`.
    case octahedral
  }

  /// The shape around the centre.
  public internal(set) var shape: Shape
  /// Which arrangement, from 1, where 1 is anticlockwise for tetrahedra; 0 without a mark.
  public internal(set) var arrangement: UInt8

  /// The absence of a mark.
  public static let none = Chirality(shape: .none, arrangement: 0)
}
