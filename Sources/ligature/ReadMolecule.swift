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

  /// 16 hexadecimal digits that are equal for all spellings of one molecule: the FNV-1a hash of
  /// its canonical SMILES without atom classes.
  var key: String {
    let isWhole = options.union(.atomClasses) == .isomeric
    let hasClasses = graph.atoms.contains { $0.atomClass != 0 }
    let text = isWhole && !hasClasses ? smiles : graph.canonicalSMILES([.stereo, .isotopes])
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Tetrahedral stereocentres, stated or open.
  var stereocentreCount: Int { graph.stereocenters().count }

  /// Tetrahedral centres with a stated configuration.
  var statedCentreCount: Int { graph.atoms.count { $0.chirality.shape == .tetrahedral } }
}
