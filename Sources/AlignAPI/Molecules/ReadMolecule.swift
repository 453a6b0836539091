import Molecule

/// A molecule as it came out of a file.
struct ReadMolecule {
  let graph: MolecularGraph
  /// Where its atoms are drawn, if the file says.
  let positions: [AtomPosition]?
  /// What its SMILES say.
  let options: SMILESOptions
  /// The canonical SMILES.
  let smiles: String

  init(graph: MolecularGraph, positions: [AtomPosition]?, options: SMILESOptions) {
    self.graph = graph
    self.positions = positions
    self.options = options
    smiles = graph.canonicalSMILES(options)
  }

  /// ``MolecularGraph/moleculeKey`` in 16 hexadecimal digits.
  var key: String {
    let isWhole = options.union(.atomClasses) == .isomeric
    let hasClasses = graph.atoms.contains { $0.atomClass != 0 }
    let key =
      isWhole && !hasClasses
      ? MolecularGraph.moleculeKey(of: Array(smiles.utf8)) : graph.moleculeKey
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Tetrahedral stereocentres, stated or open.
  var stereocentreCount: Int { graph.stereocenters().count }

  /// Tetrahedral centres with a stated configuration.
  var statedCentreCount: Int { graph.atoms.count { $0.chirality.shape == .tetrahedral } }
}
