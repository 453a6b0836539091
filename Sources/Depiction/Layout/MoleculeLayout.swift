import CCoordGen
public import Molecule
import Synchronization

/// Where the atoms of a molecule stand on paper.
///
/// Each connected piece is laid out by CoordGen, with stated double bonds as stated, and the
/// pieces are set side by side.
public struct MoleculeLayout: Sendable {
  /// The length of a bond in ångström, as in most drawn molfiles.
  public static let bondLength = 1.5
  /// Largest piece that is laid out, in atoms: the time grows with the square and more.
  public static let largestPiece = 300
  /// Most cycles that a piece may have, bonds less atoms plus one.
  public static let mostCycles = 60
  /// Largest ring that is laid out, in atoms: CoordGen does not close larger ones.
  public static let largestRing = 100

  /// A place for each atom, in ångström, y upwards; [A].
  public let positions: [AtomPosition]

  /// CoordGen keeps its templates in static variables.
  private static let library = Mutex(())

  /// Lays out a molecule; the same molecule written in the same order always looks the same.
  ///
  /// - Throws: ``LayoutError`` for pieces beyond ``largestPiece`` or ``mostCycles``, rings beyond
  ///   ``largestRing``, and where CoordGen finds no layout.
  public init(of graph: MolecularGraph) throws(LayoutError) {
    for ring in 0..<graph.rings.count where graph.rings.size(ring) > Self.largestRing {
      throw .tooLargeRing(graph.rings.size(ring))
    }
    var positions = [AtomPosition](repeating: AtomPosition(x: 0, y: 0), count: graph.atoms.count)
    var pieces: [[Int32]] = []
    for piece in Self.pieces(of: graph) {
      try Self.place(piece, of: graph, in: &positions)
      pieces.append(piece)
    }
    PieceArrangement.setSideBySide(pieces, &positions)
    self.positions = positions
  }

  /// The atoms of each connected piece, ascending, in the order of their first atoms.
  static func pieces(of graph: MolecularGraph) -> [[Int32]] {
    var seen = [Bool](repeating: false, count: graph.atoms.count)
    return graph.atoms.indices.compactMap { root in
      guard !seen[root] else { return nil }
      seen[root] = true
      var piece = [Int32(root)]
      var next = 0
      while next < piece.count {
        for slot in graph.neighborRange(Int(piece[next])) {
          let neighbor = graph.neighborAtoms[slot]
          if !seen[Int(neighbor)] {
            seen[Int(neighbor)] = true
            piece.append(neighbor)
          }
        }
        next += 1
      }
      return piece.sorted()
    }
  }

  private static func place(
    _ piece: [Int32], of graph: MolecularGraph, in positions: inout [AtomPosition]
  ) throws(LayoutError) {
    guard piece.count > 1 else { return }
    var local = [Int32](repeating: -1, count: graph.atoms.count)
    for (index, atom) in piece.enumerated() { local[Int(atom)] = Int32(index) }
    let members = graph.bonds.indices.filter { local[Int(graph.bonds[$0].begin)] >= 0 }
    guard piece.count <= largestPiece else { throw .tooManyAtoms(piece.count) }
    guard members.count - piece.count < mostCycles else {
      throw .tooManyCycles(members.count - piece.count + 1)
    }
    var stereo: [Int32: StereoBond] = [:]
    for bond in graph.stereoBonds { stereo[bond.bond] = bond }
    let bonds = members.map { index in
      let bond = graph.bonds[index]
      var entry = ligature_coordgen_bond(
        begin: local[Int(bond.begin)], end: local[Int(bond.end)], order: drawnOrder(bond),
        stereo: Int32(LIGATURE_COORDGEN_OPEN.rawValue), begin_neighbor: 0, end_neighbor: 0)
      if let stated = stereo[Int32(index)] {
        let arrangement = stated.isCis ? LIGATURE_COORDGEN_CIS : LIGATURE_COORDGEN_TRANS
        entry.stereo = Int32(arrangement.rawValue)
        entry.begin_neighbor = local[Int(stated.beginNeighbor)]
        entry.end_neighbor = local[Int(stated.endNeighbor)]
      }
      return entry
    }
    let elements = piece.map { Int32(graph.atoms[Int($0)].element.number) }
    let charges = piece.map { Int32(graph.atoms[Int($0)].charge) }
    var places = [Double](repeating: 0, count: 2 * piece.count)
    let status = library.withLock { _ in
      unsafe ligature_coordgen_layout(
        elements, charges, Int32(piece.count), bonds, Int32(bonds.count), &places)
    }
    guard status == 0 else { throw .notFound }
    for (index, atom) in piece.enumerated() {
      positions[Int(atom)] = AtomPosition(
        x: places[2 * index] * bondLength, y: places[2 * index + 1] * bondLength)
    }
    PieceArrangement.turnLengthwise(piece, &positions)
  }

  /// The order as CoordGen knows it: it has no dative and no quadruple bonds.
  private static func drawnOrder(_ bond: Bond) -> Int32 {
    switch bond.order {
    case .single, .dative: 1
    case .double: 2
    case .triple, .quadruple: 3
    }
  }
}
