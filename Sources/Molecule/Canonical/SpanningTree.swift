/// The order in which a SMILES names atoms: a depth-first tree of each fragment and its ring bonds.
///
/// Each fragment starts at its atom of least rank. The visit follows multiple bonds first, then
/// atoms of low rank; written are the branches by size, those round a ring last.
struct SpanningTree {
  /// The atom from which each atom is reached, or -1; [A].
  private(set) var parent: [Int32]
  /// The bond to `parent`, or -1; [A].
  private(set) var parentBond: [Int32]
  /// First atom of each fragment, by rank.
  private(set) var roots: [Int32] = []
  /// Place of each atom in the visit; [A].
  private(set) var visit: [Int32]

  private var visited: [Int32] = []
  private var childStart: [Int32]
  private var children: [Int32]
  /// Bonds outside the tree, in the order they are met.
  private(set) var ringBonds: [Int32] = []
  /// First entry of each atom in `openings`, and in `closings`; [A + 1], empty without rings.
  private var openingStart: [Int32] = []
  private var openings: [Int32] = []
  private var closingStart: [Int32] = []
  private var closings: [Int32] = []

  init(_ graph: MolecularGraph, ranks: [Int32], order: [Int32]) {
    let count = graph.atoms.count
    let none = [Int32](repeating: -1, count: count)
    parent = none
    parentBond = none
    visit = none
    childStart = [Int32](repeating: 0, count: count + 1)
    children = []
    visited.reserveCapacity(count)
    walk(graph, slots: Self.orderedSlots(graph, ranks: ranks), order: order)
    sortChildren(graph, ranks)
    if !ringBonds.isEmpty { listRingBonds(graph) }
  }

  /// Children of an atom in the order they are written.
  func children(_ atom: Int) -> ArraySlice<Int32> {
    children[Int(childStart[atom])..<Int(childStart[atom + 1])]
  }

  /// Positions in ``ringBonds`` of the bonds that open at an atom.
  func openings(_ atom: Int) -> ArraySlice<Int32> {
    openings.isEmpty ? [] : openings[Int(openingStart[atom])..<Int(openingStart[atom + 1])]
  }

  /// Positions in ``ringBonds`` of the bonds that close at an atom.
  func closings(_ atom: Int) -> ArraySlice<Int32> {
    closings.isEmpty ? [] : closings[Int(closingStart[atom])..<Int(closingStart[atom + 1])]
  }

  /// The end of a bond that is written first.
  func firstEnd(_ bond: Bond) -> Int32 {
    visit[Int(bond.begin)] < visit[Int(bond.end)] ? bond.begin : bond.end
  }

  /// Adjacency slots, those of each atom by bond and rank of the neighbour.
  private static func orderedSlots(_ graph: MolecularGraph, ranks: [Int32]) -> [Int32] {
    var slots = [Int32](repeating: 0, count: graph.neighborAtoms.count)
    var keys = [Int64](repeating: 0, count: slots.count)
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
      if range.count > 32 { slots[range].sort { keys[Int($0)] < keys[Int($1)] } }
    }
    return slots
  }

  private mutating func walk(_ graph: MolecularGraph, slots: [Int32], order: [Int32]) {
    var next = graph.neighborStart
    for root in order where visit[Int(root)] < 0 {
      roots.append(root)
      visit[Int(root)] = Int32(truncatingIfNeeded: visited.count)
      visited.append(root)
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
          visit[Int(neighbor)] = Int32(truncatingIfNeeded: visited.count)
          visited.append(neighbor)
          parent[Int(neighbor)] = current
          parentBond[Int(neighbor)] = bond
          current = neighbor
        } else if visit[Int(neighbor)] < visit[atom], bond != parentBond[atom] {
          ringBonds.append(bond)
        }
      }
    }
  }

  private mutating func sortChildren(_ graph: MolecularGraph, _ ranks: [Int32]) {
    var sizes = [Int32](repeating: 1, count: parent.count)
    for atom in visited.reversed() where parent[Int(atom)] >= 0 {
      sizes[Int(parent[Int(atom)])] += sizes[Int(atom)]
      childStart[Int(parent[Int(atom)]) + 1] += 1
    }
    for atom in parent.indices { childStart[atom + 1] += childStart[atom] }
    var next = childStart
    children = [Int32](repeating: 0, count: visited.count - roots.count)
    for atom in visited where parent[Int(atom)] >= 0 {
      let owner = Int(parent[Int(atom)])
      children[Int(next[owner])] = atom
      next[owner] += 1
    }
    var keys = [Int64](repeating: 0, count: parent.count)
    for atom in parent.indices where childStart[atom + 1] - childStart[atom] > 1 {
      let range = Int(childStart[atom])..<Int(childStart[atom + 1])
      for place in range {
        let child = Int(children[place])
        keys[child] = weight(child, sizes, graph) + Int64(ranks[child])
      }
      if range.count > 32 {
        children[range].sort { keys[Int($0)] < keys[Int($1)] }
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

  /// The size of a branch; branches that lead round a ring outweigh all others.
  private func weight(_ child: Int, _ sizes: [Int32], _ graph: MolecularGraph) -> Int64 {
    Int64(sizes[child]) << 31 + (graph.bonds[Int(parentBond[child])].isInRing ? 1 << 62 : 0)
  }

  private mutating func listRingBonds(_ graph: MolecularGraph) {
    openingStart = [Int32](repeating: 0, count: parent.count + 1)
    closingStart = openingStart
    for bond in ringBonds {
      let (first, second) = ends(graph.bonds[Int(bond)])
      openingStart[first + 1] += 1
      closingStart[second + 1] += 1
    }
    for atom in parent.indices {
      openingStart[atom + 1] += openingStart[atom]
      closingStart[atom + 1] += closingStart[atom]
    }
    var (nextOpening, nextClosing) = (openingStart, closingStart)
    openings = [Int32](repeating: 0, count: ringBonds.count)
    closings = openings
    for (index, bond) in ringBonds.enumerated() {
      let (first, second) = ends(graph.bonds[Int(bond)])
      openings[Int(nextOpening[first])] = Int32(truncatingIfNeeded: index)
      nextOpening[first] += 1
      closings[Int(nextClosing[second])] = Int32(truncatingIfNeeded: index)
      nextClosing[second] += 1
    }
  }

  private func ends(_ bond: Bond) -> (Int, Int) {
    let first = firstEnd(bond)
    return (Int(first), Int(bond.other(than: first)))
  }
}
