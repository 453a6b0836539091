/// A molecule with what else its molfile says.
public struct Molfile: Sendable, Equatable {
  /// The first line.
  public var title: String
  /// The third line.
  public var comment: String
  /// The molecule; atoms in the order of the file, plain hydrogen atoms merged.
  ///
  /// The offsets of its atoms and bonds are their indices in the file.
  public var graph: MolecularGraph
  /// Where each atom of the graph stands; [A].
  public var positions: [AtomPosition]
  /// Whether the positions are spatial, not a drawing.
  public var isSpatial: Bool
  /// The chiral flag: the drawing means this enantiomer, not the racemate.
  public var isChiral: Bool
  /// Groups of centres whose configurations belong together (V3000).
  public var stereoGroups: [StereoGroup]
}

/// Reads molfiles V2000 and V3000 ("CTfile Formats", BIOVIA 2020).
///
/// Chemistry is RDKit's reading: hydrogens by its valence rules, stereocentres from wedges or from
/// spatial coordinates, cis and trans from coordinates. The chiral flag and the atom parities do
/// not change the molecule. Wildcard symbols (`*`, `A`, `Q`, `X`, `M`, `R#`, …) become `*`, with
/// the number of an R group as its isotope. Element lists and query bonds are errors; S-groups
/// other than `MRV_IMPLICIT_H` are passed over.
public enum MolfileReader {
  /// Reads one molfile, up to its `M  END`; time is close to linear in the length.
  public static func read(_ text: String) throws(MolfileError) -> Molfile {
    try read(Array(text.utf8))
  }

  /// Reads one molfile from its UTF-8 bytes.
  public static func read(_ bytes: [UInt8]) throws(MolfileError) -> Molfile {
    var parser = ConnectionTableParser(bytes: bytes)
    let table = try parser.parse()
    let (graph, tableAtoms) = try table.graph()
    var graphAtom = [Int32](repeating: -1, count: table.atoms.count)
    for (index, atom) in tableAtoms.enumerated() { graphAtom[Int(atom)] = Int32(index) }
    var groups = table.stereoGroups
    for index in groups.indices {
      groups[index].atoms = groups[index].atoms.map { graphAtom[Int($0)] }.filter { $0 >= 0 }
    }
    return Molfile(
      title: table.title, comment: table.comment, graph: graph,
      positions: tableAtoms.map { table.atoms[Int($0)].position }, isSpatial: table.isSpatial,
      isChiral: table.isChiral, stereoGroups: groups)
  }
}
