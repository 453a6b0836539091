/// One bond of a ``MolecularGraph``.
public struct Bond: Sendable, Equatable, BitwiseCopyable {
  /// Bond order as written or, for aromatic input, as kekulised.
  public enum Order: UInt8, Sendable, BitwiseCopyable {
    /// `-`, or no symbol.
    case single = 1
    /// `=`.
    case double = 2
    /// `#`.
    case triple = 3
    /// `$`.
    case quadruple = 4
    /// `->` or `<-`; the bond's `begin` gives the electrons to its `end`.
    case dative = 5
  }

  /// A `/` or `\` mark, read from `begin` to `end`.
  public enum Direction: UInt8, Sendable, BitwiseCopyable {
    /// No mark.
    case none
    /// `/`: `end` lies above `begin`.
    case up
    /// `\`: `end` lies below `begin`.
    case down

    var reversed: Direction {
      switch self {
      case .none: .none
      case .up: .down
      case .down: .up
      }
    }
  }

  /// Atom index, the one written first.
  public internal(set) var begin: Int32
  /// Atom index, the one written second.
  public internal(set) var end: Int32
  /// Order in one Kekulé structure; look at ``isAromatic`` first.
  public internal(set) var order: Order
  /// Whether the bond is aromatic after perception.
  public internal(set) var isAromatic = false
  /// Whether the bond lies on at least one ring.
  public internal(set) var isInRing = false
  /// The cis/trans mark as written.
  public internal(set) var direction = Direction.none
  /// Where the bond or its second atom starts in the SMILES, UTF-8 bytes from 0.
  public internal(set) var offset: Int32 = 0

  /// The atom at the other end of `atom`.
  public func other(than atom: Int32) -> Int32 { begin == atom ? end : begin }

  /// How much the bond takes of the valence of `atom`: a dative bond takes nothing of the donor.
  func valence(at atom: Int32) -> Int {
    switch order {
    case .dative: atom == end ? 1 : 0
    default: Int(order.rawValue)
    }
  }
}
