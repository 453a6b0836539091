/// Reads SMILES as the OpenSMILES specification 1.0 describes it, and what real files add to it.
///
/// Beyond OpenSMILES: dative bonds `->` and `<-`, ring numbers `%(nnn)`, ring digits after a
/// branch, aromatic `te` and `si` in brackets, elements by number as in `[#6]`. `R` and `[R]` are the
/// wildcard `*`, and the number of `[R1]` to `[R999]` is kept as its isotope, as RDKit keeps that
/// of a molfile's R group: it is written back as `[1*]`. The any-bond `~` is refused, since it
/// states no order. Nothing recurses: a million nested branches are as good as a million atoms in a
/// row.
public enum SMILESReader {
  /// Longest text accepted, in bytes: as much as one line of a file may hold, 16 MiB.
  public static let maximumLength = 16 << 20

  /// Reads exactly one SMILES and perceives hydrogens, rings and aromaticity.
  ///
  /// Plain `[H]` neighbours become hydrogens of their heavy atom, and pentavalent nitrogen and
  /// hypervalent halogen oxides become charge-separated, as RDKit's default reading does, so that
  /// spellings of one molecule give one graph. Stereo marks that mean nothing are
  /// dropped. Close to linear in the length.
  public static func read(_ smiles: String) throws(SMILESError) -> MolecularGraph {
    try read(Array(smiles.utf8))
  }

  /// Reads exactly one SMILES from its UTF-8 bytes.
  public static func read(_ smiles: [UInt8]) throws(SMILESError) -> MolecularGraph {
    try perceived(try parse(smiles), with: nil)
  }

  /// Turns a graph as written, with what its extension states, into a molecule.
  static func perceived(
    _ written: MolecularGraph, with extension: ExtensionTail?
  ) throws(SMILESError) -> MolecularGraph {
    var graph = written
    graph.mergeExplicitHydrogens()
    graph.resolveShapes()
    graph.addImplicitHydrogens()
    graph.separateCharges()
    try graph.perceive()
    if let `extension` { graph.place(`extension`.arrangements) }
    if let (atom, bonds) = graph.overfullAtom() {
      let found = graph.atoms[atom]
      throw SMILESError(
        reason: .exceededValence(
          element: found.element.symbol, charge: Int(found.charge), bonds: bonds),
        offset: Int(found.offset))
    }
    graph.cleanStereo()
    return graph
  }

  /// The graph as written: no perception, lower-case atoms still carry their aromatic marks.
  static func parse(_ smiles: [UInt8]) throws(SMILESError) -> MolecularGraph {
    guard smiles.count <= maximumLength else {
      throw SMILESError(reason: .tooLong(limit: maximumLength), offset: maximumLength)
    }
    var parser = SMILESParser(bytes: smiles)
    return try parser.parse()
  }
}
