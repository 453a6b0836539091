/// Name spaces of molecule features; the numbers are part of every key and never change.
enum FeatureKind: UInt64 {
  /// What an atom is by itself.
  case atom = 1
  /// Surroundings of an atom within a radius.
  case environment = 2
  /// Surroundings with the handedness of their centre.
  case chiralEnvironment = 3
  /// Surroundings of both ends of a double bond with their arrangement.
  case doubleBondEnvironment = 4
  /// A chain of one to five bonds.
  case path = 5
  /// Two atoms and their distance.
  case atomPair = 6
  /// An element with its charge.
  case chargedElement = 7
  /// An element with its isotope.
  case isotope = 8
  /// A ring of a size.
  case ringSize = 9
  /// An aromatic ring of a size.
  case aromaticRingSize = 10
  /// Number of independent rings.
  case ringCount = 11
  /// Total charge.
  case totalCharge = 12
  /// Number of fragments.
  case fragmentCount = 13
  /// Number of stereocentres.
  case stereocenterCount = 14
  /// Number of double bonds with an arrangement.
  case stereoBondCount = 15
  /// A stereocentre in the whole molecule.
  case stereocenter = 16
  /// The whole molecule.
  case molecule = 17
  /// Places of a coordination centre.
  case arrangement = 18
  /// The mark of an atom that is singled out.
  case individualized = 19
  /// Kind of atom in a path.
  case pathAtom = 21
  /// Kind of bond in a path.
  case pathBond = 22
  /// Stands for a bond in a set of bonds.
  case bondToken = 23
  /// Number of heavy atoms in steps.
  case heavyAtomCount = 24
  /// Relative arrangement of centres that only symmetry ties together.
  case tiedStereo = 25
  /// Exact number of atoms of an element, hydrogens included.
  case elementCount = 26
  /// The molecular formula.
  case formula = 27
  /// Exact number of heavy atoms.
  case exactHeavyAtomCount = 28
  /// Exact numbers of positive and negative atoms.
  case ionCounts = 29
  /// Exact total charge.
  case exactCharge = 30
  /// Exact number of rings.
  case exactRingCount = 31
  /// Exact number of aromatic rings.
  case exactAromaticRingCount = 32
  /// Exact number of carbon–carbon double bonds.
  case carbonDoubleBondCount = 33
  /// Whether any isotope is stated.
  case hasIsotopes = 34
  /// A carbon chain of a length.
  case chain = 35
  /// A carbon chain of a length with a number of double bonds.
  case unsaturatedChain = 36
  /// A connected set of acyclic carbons of a size.
  case chainCarbons = 37
  /// The longest carbon chain, by length.
  case longestChain = 38
  /// The longest carbon chain, by length and number of double bonds.
  case longestUnsaturatedChain = 39
  /// Exact number of stereo labels of a kind.
  case stereoLabelCount = 40
  /// A functional group or ring system.
  case group = 41
  /// Exact number of a functional group or ring system.
  case groupCount = 42
}
