import Molecule
import Testing

/// CIP labels against RDKit's new algorithm.
struct CIPGoldenTests {
  @Test func labelsAgree() throws {
    for row in try Golden("cip").rows {
      let graph = try SMILESReader.read(row[0])
      let labels = graph.cipLabels()
      #expect(Self.atoms(labels) == row[1], "atoms of \(row[0])")
      #expect(Self.bonds(labels, graph) == row[2], "double bonds of \(row[0])")
      #expect(!labels.isLimitReached, "\(row[0])")
    }
  }

  private static func atoms(_ labels: CIPLabels) -> String {
    labels.atoms.enumerated().compactMap { index, label in label.map { "\(index):\($0.rawValue)" } }
      .joined(separator: " ")
  }

  private static func bonds(_ labels: CIPLabels, _ graph: MolecularGraph) -> String {
    var found: [(low: Int32, high: Int32, label: CIPLabel)] = []
    for (index, label) in labels.bonds.enumerated() {
      guard let label else { continue }
      let bond = graph.bonds[index]
      found.append((min(bond.begin, bond.end), max(bond.begin, bond.end), label))
    }
    found.sort { ($0.low, $0.high) < ($1.low, $1.high) }
    return found.map { "\($0.low)-\($0.high):\($0.label.rawValue)" }.joined(separator: " ")
  }
}
