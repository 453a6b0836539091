import Tensor

/// Handedness of centres and geometry of double bonds, independent of numbering and spelling.
///
/// The four neighbours of a centre (two at each end of a double bond) are ranked by what stands
/// near them: atomic number, then the three largest atomic numbers behind them, multiple bonds
/// counted as often as their order, then mass number, then the key of their whole surroundings
/// (``StereoColoring``). This is the rule of Cahn, Ingold and Prelog cut off after two spheres, so
/// that equal surroundings get equal labels in different molecules; it agrees with R and S only
/// where two spheres decide.
struct StereoLabels {
  /// 0 none, 1 or 2, 3 not told; [A].
  private(set) var atoms: [UInt8]
  /// 0 none, 1 same side, 2 opposite sides, 3 not told; [B].
  private(set) var bonds: [UInt8]

  init(of graph: MolecularGraph) {
    atoms = [UInt8](repeating: 0, count: graph.atoms.count)
    bonds = [UInt8](repeating: 0, count: graph.bonds.count)
    let isMarked = graph.atoms.contains { $0.chirality.shape != .none }
    if graph.stereoBonds.isEmpty && !isMarked { return }
    let coloring = StereoColoring(graph: graph)
    for (element, descriptor) in zip(coloring.elements, coloring.descriptors) {
      let label = descriptor == 0 ? 3 : Self.label(of: element, in: graph, coloring.colors)
      if element.second < 0 {
        atoms[Int(element.first)] = label
      } else if element.isDoubleBond,
        let slot = graph.neighborRange(Int(element.first)).first(where: {
          graph.neighborAtoms[$0] == element.second
        })
      {
        bonds[Int(graph.neighborBonds[slot])] = label
      } else {
        // The ends of an allene.
        atoms[Int(element.first)] = 3
        atoms[Int(element.second)] = 3
      }
    }
  }

  private static func label(
    of element: StereoElement, in graph: MolecularGraph, _ colors: [UInt64]
  ) -> UInt8 {
    func ranks(_ places: ArraySlice<Int32>, around center: Int32) -> [Rank] {
      places.map { Rank($0, around: center, in: graph, colors) }
    }
    switch element.kind {
    case .tetrahedron:
      let ranks = ranks(element.places[0..<4], around: element.first)
      var inversions = 0
      for high in 1..<4 {
        for low in 0..<high where ranks[high] < ranks[low] { inversions += 1 }
      }
      return (inversions % 2 == 0) == element.isPositive ? 1 : 2
    case .axis:
      let begin = ranks(element.places[0..<2], around: element.first)
      let end = ranks(element.places[2..<4], around: element.second)
      return ((begin[0] < begin[1]) == (end[0] < end[1])) == element.isPositive ? 1 : 2
    case .coordination:
      return 3
    }
  }

  /// A place's rank; a hydrogen, lone pair or empty place ranks lowest.
  private struct Rank: Comparable {
    let near: UInt64
    let color: UInt64

    init(_ place: Int32, around center: Int32, in graph: MolecularGraph, _ colors: [UInt64]) {
      guard place >= 0 else {
        near = 0
        color = 0
        return
      }
      let atom = graph.atoms[Int(place)]
      var largest: (UInt64, UInt64, UInt64) = (0, 0, 0)
      for slot in graph.neighborRange(Int(place)) where graph.neighborAtoms[slot] != center {
        let number = UInt64(graph.atoms[Int(graph.neighborAtoms[slot])].element.number)
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        let times = bond.isAromatic || bond.order == .dative ? 1 : Int(bond.order.rawValue)
        for _ in 0..<times {
          if number > largest.0 {
            largest = (number, largest.0, largest.1)
          } else if number > largest.1 {
            largest = (largest.0, number, largest.1)
          } else if number > largest.2 {
            largest.2 = number
          }
        }
      }
      let behind = largest.0 << 16 | largest.1 << 8 | largest.2
      near = UInt64(atom.element.number) + 1 << 40 | behind << 16 | UInt64(atom.isotope)
      color = colors[Int(place)]
    }

    static func < (a: Rank, b: Rank) -> Bool { (a.near, a.color) < (b.near, b.color) }
  }
}
