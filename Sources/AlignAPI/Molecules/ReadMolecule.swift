package import Molecule

/// A molecule as it came out of a file or a request.
package struct ReadMolecule: Sendable {
  package let graph: MolecularGraph
  /// Where its atoms are drawn, if the file says.
  package let positions: [AtomPosition]?
  /// What its SMILES say.
  package let options: SMILESOptions
  /// The canonical SMILES.
  package let smiles: String

  package init(graph: MolecularGraph, positions: [AtomPosition]?, options: SMILESOptions) {
    self.graph = graph
    self.positions = positions
    self.options = options
    smiles = graph.canonicalSMILES(options)
  }

  /// ``MolecularGraph/moleculeKey`` in 16 hexadecimal digits.
  package var key: String {
    let isWhole = options.union(.atomClasses) == .isomeric
    let hasClasses = graph.atoms.contains { $0.atomClass != 0 }
    let key =
      isWhole && !hasClasses
      ? MolecularGraph.moleculeKey(of: Array(smiles.utf8)) : graph.moleculeKey
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Tetrahedral stereocentres, stated or open.
  package var stereocentreCount: Int { graph.stereocenters().count }

  /// Tetrahedral centres with a stated configuration.
  package var statedCentreCount: Int { graph.atoms.count { $0.chirality.shape == .tetrahedral } }
}
