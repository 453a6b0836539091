/// Why a molecule has no layout.
public enum LayoutError: Error, Equatable, CustomStringConvertible {
  /// A connected piece has more atoms than are laid out.
  case tooManyAtoms(Int)
  /// A connected piece has more cycles than are laid out.
  case tooManyCycles(Int)
  /// A ring has more atoms than are laid out.
  case tooLargeRing(Int)
  /// CoordGen gave up.
  case notFound

  /// The reason as a clause.
  public var description: String {
    switch self {
    case .tooManyAtoms(let count):
      "a connected piece of \(count) atoms, expected at most "
        + "\(MoleculeLayout.largestPiece) for a drawing"
    case .tooManyCycles(let count):
      "a connected piece with \(count) cycles, expected at most "
        + "\(MoleculeLayout.mostCycles) for a drawing"
    case .tooLargeRing(let count):
      "a ring of \(count) atoms, expected at most \(MoleculeLayout.largestRing) for a drawing"
    case .notFound: "CoordGen found no layout"
    }
  }
}
