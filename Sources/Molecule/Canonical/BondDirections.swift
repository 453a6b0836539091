/// Chooses `/` and `\` marks that say the arrangement of every marked double bond.
///
/// Each end of a double bond needs one marked neighbour. Marks are shared between neighbouring
/// double bonds; where marks that were chosen apart meet and disagree, all of one side are turned.
struct BondDirections {
  /// The mark of each bond as written, from the end named first; [B].
  private(set) var directions: [Bond.Direction]

  private let graph: MolecularGraph
  /// Of the spanning tree: place in the visit and bond to the parent; [A].
  private let visit: [Int32]
  private let parentBond: [Int32]
  private let isAromaticForm: Bool
  /// Marks of one group keep their meaning when all are turned together; -1 without a mark; [B].
  private var group: [Int32]
  private var groupCount: Int32 = 0

  /// A neighbour of an end: the bond to it and the side it has to lie on.
  private struct Place {
    let bond: Int
    let end: Int32
    let isAbove: Bool
    /// Whether the neighbour is an end of another marked double bond, which reads the mark too.
    let isShared: Bool
  }

  /// Whether an atom is an end of a marked double bond; [A].
  private var isEnd: [Bool]

  init(
    _ graph: MolecularGraph, tree: borrowing SpanningTree, elements: [StereoElement],
    options: SMILESOptions
  ) {
    isAromaticForm = !options.contains(.kekule)
    self.graph = graph
    visit = tree.visit.array()
    parentBond = tree.parentBond.array()
    directions = [Bond.Direction](repeating: .none, count: graph.bonds.count)
    group = [Int32](repeating: -1, count: graph.bonds.count)
    isEnd = [Bool](repeating: false, count: graph.atoms.count)
    let bonds = elements.filter(\.isDoubleBond).sorted { first($0) < first($1) }
    for element in bonds {
      isEnd[Int(element.first)] = true
      isEnd[Int(element.second)] = true
    }
    for element in bonds { mark(element) }
  }

  /// The end of a bond that is written first.
  private func firstEnd(_ bond: Bond) -> Int32 {
    visit[Int(bond.begin)] < visit[Int(bond.end)] ? bond.begin : bond.end
  }

  private func first(_ element: StereoElement) -> Int32 {
    min(visit[Int(element.first)], visit[Int(element.second)])
  }

  private mutating func mark(_ element: StereoElement) {
    var begin = places(element, end: element.first, at: 0, isAbove: true)
    var end = places(element, end: element.second, at: 2, isAbove: element.isPositive)
    if visit[Int(element.second)] < visit[Int(element.first)] { swap(&begin, &end) }
    guard !begin.isEmpty, !end.isEmpty else { return }
    // Whether the marks say the places as they are, or all the other way up.
    var isUpright: Bool?
    var own: Int32 = -1
    for place in begin + end where group[place.bond] >= 0 {
      let agrees = isAbove(place) == place.isAbove
      if isUpright == nil {
        isUpright = agrees
        own = group[place.bond]
      } else if group[place.bond] != own {
        join(group[place.bond], to: own, turning: agrees != isUpright)
      }
    }
    for places in [begin, end] {
      for place in marked(places) where group[place.bond] < 0 {
        if own < 0 {
          own = groupCount
          groupCount += 1
        }
        // The first mark written is `/`.
        let upright =
          isUpright ?? ((firstEnd(graph.bonds[place.bond]) == place.end) == place.isAbove)
        isUpright = upright
        set(place, isAbove: place.isAbove == upright)
        group[place.bond] = own
      }
    }
  }

  /// The places of one end to mark: all shared ones, or the best one when none has a mark.
  private func marked(_ places: [Place]) -> [Place] {
    let shared = places.filter(\.isShared)
    if !shared.isEmpty { return shared }
    if places.contains(where: { group[$0.bond] >= 0 }) { return [] }
    return places.min { cost($0) < cost($1) }.map { [$0] } ?? []
  }

  private func places(
    _ element: StereoElement, end: Int32, at start: Int, isAbove: Bool
  ) -> [Place] {
    var found: [Place] = []
    for offset in 0..<2 where element.sites[start + offset] >= 0 {
      for slot in graph.neighborRange(Int(end))
      where graph.neighborAtoms[slot] == element.sites[start + offset] {
        let bond = Int(graph.neighborBonds[slot])
        guard graph.bonds[bond].order == .single || isAromatic(bond) else { continue }
        found.append(
          Place(
            bond: bond, end: end, isAbove: (offset == 0) == isAbove,
            isShared: isEnd[Int(graph.neighborAtoms[slot])]))
      }
    }
    return found
  }

  /// Least for a bond away from other double bonds, in the tree, written early.
  private func cost(_ place: Place) -> Int {
    let bond = graph.bonds[place.bond]
    let neighbor = Int(bond.other(than: place.end))
    let touchesDouble = graph.neighborRange(neighbor).contains {
      let other = graph.bonds[Int(graph.neighborBonds[$0])]
      return other.order == .double && !other.isAromatic
    }
    let last = max(visit[Int(bond.begin)], visit[Int(bond.end)])
    let isInTree = [neighbor, Int(place.end)].contains { parentBond[$0] == place.bond }
    return (touchesDouble ? 1 << 41 : 0) + (isInTree ? 0 : 1 << 40) + Int(last)
  }

  /// Lower-case atoms are joined by an aromatic bond even where a mark stands between them.
  private func isAromatic(_ bond: Int) -> Bool { isAromaticForm && graph.bonds[bond].isAromatic }

  private func isAbove(_ place: Place) -> Bool {
    (firstEnd(graph.bonds[place.bond]) == place.end) == (directions[place.bond] == .up)
  }

  private mutating func set(_ place: Place, isAbove: Bool) {
    let isFirst = firstEnd(graph.bonds[place.bond]) == place.end
    directions[place.bond] = isFirst == isAbove ? .up : .down
  }

  private mutating func join(_ other: Int32, to own: Int32, turning: Bool) {
    for bond in group.indices where group[bond] == other {
      group[bond] = own
      if turning { directions[bond] = directions[bond].reversed }
    }
  }
}
