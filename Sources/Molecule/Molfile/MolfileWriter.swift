/// Writes molecules as molfiles V2000 or V3000 ("CTfile Formats", BIOVIA 2020).
///
/// Bonds are written in Kekulé form, charges, isotopes and radicals as properties, and a valence
/// where a reader would otherwise add other hydrogens. With positions, tetrahedral centres get
/// wedges, double bonds that could be cis or trans but are not stated are crossed, and so are those
/// that the layout shows otherwise than stated; positions with a third coordinate show centres by
/// themselves. Without positions, all coordinates are zero and the
/// centres are written as atom parities, which ``MolfileReader`` reads in such a file; cis and
/// trans are then lost. Marks of allenes and coordination centres have no place in the format.
public struct MolfileWriter: Sendable {
  /// Which form of the connection table.
  public enum Version: Sendable {
    /// Fixed columns, at most 999 atoms and bonds.
    case v2000
    /// Words, of any size, with dative bonds.
    case v3000
  }

  /// The form to write; nil takes V2000 where it can hold the molecule.
  public var version: Version?
  /// What the header names as program, at most eight characters.
  static let program = "Ligature"

  /// A writer that chooses the form itself unless one is given.
  public init(version: Version? = nil) {
    self.version = version
  }

  /// Appends one molfile, up to and including the line `M  END`.
  ///
  /// - Parameters:
  ///   - graph: the molecule.
  ///   - positions: where each atom stands, on paper or in space, in ångström, [A]; nil without a layout.
  ///   - title: the first line; line breaks in it become spaces.
  ///   - output: what the text is appended to.
  /// - Throws: ``UnwritableBond`` for a bond of order four, which the format does not have.
  public func write(
    _ graph: MolecularGraph, positions: [AtomPosition]?, title: String = "",
    to output: inout [UInt8]
  ) throws(UnwritableBond) {
    if let index = graph.bonds.firstIndex(where: { $0.order == .quadruple }) {
      throw UnwritableBond(bond: index)
    }
    if let positions {
      precondition(
        positions.count == graph.atoms.count,
        "\(positions.count) positions for \(graph.atoms.count) atoms")
    }
    let drawing = MolfileDrawing(graph: graph, positions: positions)
    output += title.map { $0.isNewline ? " " : $0 }.reduce(into: "") { $0.append($1) }.utf8
    output += "\n  \(Self.program)          \(drawing.isSpatial ? "3D" : "2D")\n\n".utf8
    switch version ?? (Self.fitsV2000(graph, positions) ? .v2000 : .v3000) {
    case .v2000: Self.writeV2000(drawing, to: &output)
    case .v3000: Self.writeV3000(drawing, to: &output)
    }
    output += "M  END\n".utf8
  }

  /// Whether the fields of V2000 are wide enough and it has all bond types.
  static func fitsV2000(_ graph: MolecularGraph, _ positions: [AtomPosition]?) -> Bool {
    graph.atoms.count <= 999 && graph.bonds.count <= 999
      && graph.bonds.allSatisfy { $0.order != .dative }
      && graph.atoms.allSatisfy { $0.atomClass <= 999 }
      && (positions ?? []).allSatisfy { max(abs($0.x), abs($0.y), abs($0.z)) < 9_999 }
  }
}

/// A bond that molfiles have no type for.
public struct UnwritableBond: Error, Equatable, Sendable, CustomStringConvertible {
  /// Index of the bond in its graph.
  public let bond: Int

  /// One clause.
  public var description: String {
    "expected bonds of order 1, 2 or 3 for a molfile, found order 4 at bond \(bond + 1)"
  }
}
