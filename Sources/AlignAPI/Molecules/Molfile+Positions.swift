package import Molecule

extension Molfile {
  /// Where the atoms stand; nil for a molfile without coordinates, which puts all at one point.
  package var statedPositions: [AtomPosition]? {
    positions.contains { $0 != positions[0] } || positions.count == 1 ? positions : nil
  }
}
