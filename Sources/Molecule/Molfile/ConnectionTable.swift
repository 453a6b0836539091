/// What a molfile states, before chemistry: atoms, bonds and coordinates in the order of the file.
///
/// "CTfile Formats" (BIOVIA, 2020), chapters "The connection table" and "V3000".
struct ConnectionTable {
  /// One atom line.
  struct Atom {
    var element: Element
    var isotope: UInt16 = 0
    var charge: Int8 = 0
    /// Unpaired electrons: 0, 1 or 2.
    var radicals: UInt8 = 0
    /// The stated valence: 0 when not stated, -1 for zero.
    var valence: Int16 = 0
    var atomClass: UInt32 = 0
    /// The stereo parity, 1 to 3, or 0.
    var parity: UInt8 = 0
    /// Hydrogens that the file fixes, as an `IMPL_H` data group does.
    var hydrogens: UInt8?
    /// Whether the file fixes the hydrogens by a query count or a wildcard symbol.
    var hasNoImplicit = false
    var position: AtomPosition
    var line: Int32
  }

  /// One bond line; atoms count from 0.
  struct Bond {
    var begin: Int32
    var end: Int32
    var type: BondType
    var mark = Mark.none
    var line: Int32
  }

  /// The bond types that molecules have.
  enum BondType: UInt8 {
    case single = 1
    case double = 2
    case triple = 3
    case aromatic = 4
    case dative = 9
  }

  /// How the bond is drawn, seen from its first atom.
  enum Mark: UInt8 {
    case none
    /// A solid wedge: the second atom lies in front.
    case up
    /// A hashed wedge: the second atom lies behind.
    case down
    /// A wavy single or a crossed double bond: the arrangement is unknown.
    case either
  }

  var title = ""
  var comment = ""
  /// Whether the header or a third coordinate says that the coordinates are spatial.
  var isSpatial = false
  var isChiral = false
  var atoms: [Atom] = []
  var bonds: [Bond] = []
  var stereoGroups: [StereoGroup] = []
}

/// A place in space, in the units of the file (ångström in most).
public struct AtomPosition: Sendable, Equatable {
  /// To the right.
  public var x: Double
  /// Upwards.
  public var y: Double
  /// Towards the viewer.
  public var z: Double

  /// A place; flat unless `z` is given.
  public init(x: Double, y: Double, z: Double = 0) {
    self.x = x
    self.y = y
    self.z = z
  }
}

/// Stereocentres whose configuration is known together, from a V3000 collection.
public struct StereoGroup: Sendable, Equatable {
  /// What is known of the group.
  public enum Kind: String, Sendable {
    /// As drawn (`STEABS`).
    case absolute = "ABS"
    /// As drawn or all inverted, one of the two (`STEREL`).
    case relative = "REL"
    /// A mixture of both (`STERAC`).
    case racemic = "RAC"
  }

  /// What is known of the group.
  public let kind: Kind
  /// The number that tells groups of one kind apart; 0 for ``Kind/absolute``.
  public let number: Int
  /// Indices of the centres.
  public internal(set) var atoms: [Int32]
}
