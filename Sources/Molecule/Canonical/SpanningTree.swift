/// The order in which a SMILES names atoms: a depth-first tree of each fragment and its ring bonds.
///
/// Each fragment starts at its atom of least rank. The visit follows multiple bonds first, then
/// atoms of low rank; written are the branches by size, those round a ring last.
struct SpanningTree: ~Copyable {
  /// The atom from which each atom is reached, or -1; [A].
  let parent: FixedArray<Int32>
  /// The bond to `parent`, or -1; [A].
  let parentBond: FixedArray<Int32>
  /// First atom of each fragment, by rank.
  private(set) var roots: [Int32] = []
  /// Place of each atom in the visit; [A].
  let visit: FixedArray<Int32>
  /// First entry of each atom in `children`; [A + 1].
  let childStart: FixedArray<Int32>
  /// Atoms reached from each atom, in the order they are written.
  let children: FixedArray<Int32>
  /// Bonds outside the tree, in the order they are met.
  private(set) var ringBonds: [Int32] = []
  /// First entry of each atom in `openings`; [A + 1], empty without rings.
  private(set) var openingStart = FixedArray<Int32>(repeating: 0, count: 0)
  /// Positions in `ringBonds` of the bonds that open at each atom.
  private(set) var openings = FixedArray<Int32>(repeating: 0, count: 0)
  /// First entry of each atom in `closings`; [A + 1], empty without rings.
  private(set) var closingStart = FixedArray<Int32>(repeating: 0, count: 0)
  /// Positions in `ringBonds` of the bonds that close at each atom.
  private(set) var closings = FixedArray<Int32>(repeating: 0, count: 0)

  private let visited: FixedArray<Int32>
  private var visitedCount = 0

  init(
    _ graph: MolecularGraph, ranks: borrowing FixedArray<Int32>,
    order: borrowing FixedArray<Int32>
  ) {
    let count = graph.atoms.count
    parent = FixedArray(repeating: -1, count: count)
    parentBond = FixedArray(repeating: -1, count: count)
    visit = FixedArray(repeating: -1, count: count)
    childStart = FixedArray(repeating: 0, count: count + 1)
    children = FixedArray(repeating: 0, count: count)
    visited = FixedArray(repeating: 0, count: count)
    let slots = Self.orderedSlots(graph, ranks: ranks)
    walk(graph, slots: slots, order: order)
    sortChildren(graph, ranks)
    if !ringBonds.isEmpty { listRingBonds(graph) }
  }

  /// Entries of an atom in ``openings``.
  func openingRange(_ atom: Int) -> Range<Int> {
    openingStart.count == 0 ? 0..<0 : Int(openingStart[atom])..<Int(openingStart[atom + 1])
  }

  /// Entries of an atom in ``closings``.
  func closingRange(_ atom: Int) -> Range<Int> {
    closingStart.count == 0 ? 0..<0 : Int(closingStart[atom])..<Int(closingStart[atom + 1])
  }

  /// The end of a bond that is written first.
  func firstEnd(_ bond: Bond) -> Int32 {
    visit[Int(bond.begin)] < visit[Int(bond.end)] ? bond.begin : bond.end
  }

  /// Adjacency slots, those of each atom by bond and rank of the neighbour.
  private static func orderedSlots(
    _ graph: MolecularGraph, ranks: borrowing FixedArray<Int32>
  ) -> FixedArray<Int32> {
    let slots = FixedArray<Int32>(repeating: 0, count: graph.neighborAtoms.count)
    let keys = FixedArray<Int64>(repeating: 0, count: slots.count)
    for atom in graph.atoms.indices {
      let range = graph.neighborRange(atom)
      for slot in range {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        let isMultiple = !bond.isAromatic && (bond.order == .double || bond.order == .triple)
        let key = Int64(ranks[Int(graph.neighborAtoms[slot])]) + (isMultiple ? 0 : 1 << 32)
        keys[slot] = key
        guard range.count <= 32 else {
          slots[slot] = Int32(truncatingIfNeeded: slot)
          continue
        }
        var place = slot
        while place > range.lowerBound, keys[Int(slots[place - 1])] > key {
          slots[place] = slots[place - 1]
          place -= 1
        }
        slots[place] = Int32(truncatingIfNeeded: slot)
      }
      if range.count > 32 { slots.sort(range) { keys[Int($0)] } }
    }
    return slots
  }

  private mutating func walk(
    _ graph: MolecularGraph, slots: borrowing FixedArray<Int32>, order: borrowing FixedArray<Int32>
  ) {
    let next = FixedArray<Int32>(repeating: 0, count: order.count)
    for atom in 0..<order.count { next[atom] = graph.neighborStart[atom] }
    for place in 0..<order.count where visit[Int(order[place])] < 0 {
      let root = order[place]
      roots.append(root)
      record(root)
      var current = root
      while current >= 0 {
        let atom = Int(current)
        guard next[atom] < graph.neighborStart[atom + 1] else {
          current = parent[atom]
          continue
        }
        let slot = Int(slots[Int(next[atom])])
        next[atom] += 1
        let neighbor = graph.neighborAtoms[slot]
        let bond = graph.neighborBonds[slot]
        if visit[Int(neighbor)] < 0 {
          record(neighbor)
          parent[Int(neighbor)] = current
          parentBond[Int(neighbor)] = bond
          current = neighbor
        } else if visit[Int(neighbor)] < visit[atom], bond != parentBond[atom] {
          ringBonds.append(bond)
        }
      }
    }
  }

  private mutating func record(_ atom: Int32) {
    visit[Int(atom)] = Int32(truncatingIfNeeded: visitedCount)
    visited[visitedCount] = atom
    visitedCount += 1
  }

  private func sortChildren(_ graph: MolecularGraph, _ ranks: borrowing FixedArray<Int32>) {
    let count = parent.count
    let sizes = FixedArray<Int32>(repeating: 1, count: count)
    let next = FixedArray<Int32>(repeating: 0, count: count)
    for place in stride(from: count - 1, through: 0, by: -1) {
      let atom = Int(visited[place])
      let owner = Int(parent[atom])
      guard owner >= 0 else { continue }
      sizes[owner] += sizes[atom]
      childStart[owner + 1] += 1
    }
    for atom in 0..<count {
      childStart[atom + 1] += childStart[atom]
      next[atom] = childStart[atom]
    }
    for place in 0..<count {
      let atom = visited[place]
      let owner = Int(parent[Int(atom)])
      guard owner >= 0 else { continue }
      children[Int(next[owner])] = atom
      next[owner] += 1
    }
    let keys = FixedArray<Int64>(repeating: 0, count: count)
    for atom in 0..<count where childStart[atom + 1] - childStart[atom] > 1 {
      let range = Int(childStart[atom])..<Int(childStart[atom + 1])
      for place in range {
        let child = Int(children[place])
        let isRing = graph.bonds[Int(parentBond[child])].isInRing
        // The size of the branch; those that lead round a ring outweigh all others.
        keys[child] = Int64(sizes[child]) << 31 + (isRing ? 1 << 62 : 0) + Int64(ranks[child])
      }
      if range.count > 32 {
        children.sort(range) { keys[Int($0)] }
        continue
      }
      for next in range.dropFirst() {
        let child = children[next]
        var place = next
        while place > range.lowerBound, keys[Int(children[place - 1])] > keys[Int(child)] {
          children[place] = children[place - 1]
          place -= 1
        }
        children[place] = child
      }
    }
  }

  private mutating func listRingBonds(_ graph: MolecularGraph) {
    let count = parent.count
    let opening = FixedArray<Int32>(repeating: 0, count: count + 1)
    let closing = FixedArray<Int32>(repeating: 0, count: count + 1)
    for bond in ringBonds {
      let (first, second) = ends(graph.bonds[Int(bond)])
      opening[first + 1] += 1
      closing[second + 1] += 1
    }
    let nextOpening = FixedArray<Int32>(repeating: 0, count: count)
    let nextClosing = FixedArray<Int32>(repeating: 0, count: count)
    for atom in 0..<count {
      opening[atom + 1] += opening[atom]
      closing[atom + 1] += closing[atom]
      nextOpening[atom] = opening[atom]
      nextClosing[atom] = closing[atom]
    }
    openings = FixedArray(repeating: 0, count: ringBonds.count)
    closings = FixedArray(repeating: 0, count: ringBonds.count)
    for (index, bond) in ringBonds.enumerated() {
      let (first, second) = ends(graph.bonds[Int(bond)])
      openings[Int(nextOpening[first])] = Int32(truncatingIfNeeded: index)
      nextOpening[first] += 1
      closings[Int(nextClosing[second])] = Int32(truncatingIfNeeded: index)
      nextClosing[second] += 1
    }
    openingStart = opening
    closingStart = closing
  }

  private func ends(_ bond: Bond) -> (Int, Int) {
    let first = firstEnd(bond)
    return (Int(first), Int(bond.other(than: first)))
  }
}
