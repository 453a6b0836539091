/// A single bond drawn as a wedge at a stereocentre.
public struct BondWedge: Sendable, Equatable {
  /// Index of the bond.
  public let bond: Int32
  /// The centre, where the wedge has its point.
  public let centre: Int32
  /// Whether the bond rises towards the viewer (solid) rather than falls behind the paper (hashed).
  public let isSolid: Bool
}

extension MolecularGraph {
  /// The wedges that show every stated tetrahedral centre when its atoms stand at flat `positions`.
  ///
  /// One bond of each centre, outside rings and towards plain atoms where possible, as the IUPAC
  /// Recommendations 2006 ("Graphical representation of stereochemical configuration") ask; a
  /// centre all of whose bonds are taken by others gets none.
  public func wedges(at positions: [AtomPosition]) -> [BondWedge] {
    precondition(
      positions.count == atoms.count, "\(positions.count) positions for \(atoms.count) atoms")
    let drawing = MolfileDrawing(graph: self, positions: positions.map(\.flat))
    return bonds.indices.compactMap { index in
      switch drawing.marks[index] {
      case .up, .down:
        BondWedge(
          bond: Int32(index), centre: drawing.wedgeStart[index],
          isSolid: drawing.marks[index] == .up)
      default: nil
      }
    }
  }
}
