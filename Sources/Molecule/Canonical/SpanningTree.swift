/// The order in which a SMILES names atoms: a depth-first tree of each fragment and its ring bonds.
///
/// Each fragment starts at its atom of least rank. The visit follows multiple bonds first, then
/// atoms of low rank; written are the branches by size, those round a ring last.
struct SpanningTree: ~Copyable {
  /// The atom from which each atom is reached, or -1; [A].
  let parent: FixedArray<Int32>
  /// The bond to `parent`, or -1; [A].
  let parentBond: FixedArray<Int32>
  /// First atom of each fragment, by rank; `rootCount` of them.
  let roots: FixedArray<Int32>
  private(set) var rootCount = 0
  /// Place of each atom in the visit; [A].
  let visit: FixedArray<Int32>
  /// First entry of each atom in `children`; [A + 1].
  let childStart: FixedArray<Int32>
  /// Atoms reached from each atom, in the order they are written.
  let children: FixedArray<Int32>
  /// Bonds outside the tree, in the order they are met; `ringCount` of them.
  let ringBonds: FixedArray<Int32>
  private(set) var ringCount = 0
  /// Of the ring bonds that open or close at an atom the first one, or -1; [A].
  private let firstOpening: FixedArray<Int32>
  private let firstClosing: FixedArray<Int32>
  /// The next ring bond that opens or closes at the same atom, or -1; parallel to `ringBonds`.
  private let nextOpening: FixedArray<Int32>
  private let nextClosing: FixedArray<Int32>
  /// Whether any bond is dative.
  private(set) var hasDativeBonds = false

  /// Atoms in the order of the visit; [A].
  private let visited: FixedArray<Int32>
  private var visitedCount = 0

  /// Bytes of a slab for a molecule.
  static func bytes(_ graph: MolecularGraph) -> Int {
    64 * graph.atoms.count + 28 * graph.bonds.count + 128
  }

  init(
    _ graph: MolecularGraph, ranks: borrowing FixedArray<Int32>,
    order: borrowing FixedArray<Int32>, _ slab: inout Slab
  ) {
    let count = graph.atoms.count
    parent = slab.take(repeating: -1, count)
    parentBond = slab.take(repeating: -1, count)
    roots = slab.take(count)
    visit = slab.take(repeating: -1, count)
    childStart = slab.take(repeating: 0, count + 1)
    children = slab.take(count)
    visited = slab.take(count)
    ringBonds = slab.take(graph.bonds.count)
    firstOpening = slab.take(count)
    firstClosing = slab.take(count)
    nextOpening = slab.take(graph.bonds.count)
    nextClosing = slab.take(graph.bonds.count)
    let slots: FixedArray<UInt64> = slab.take(graph.neighborAtoms.count)
    let next: FixedArray<Int32> = slab.take(count)
    orderSlots(slots, graph, ranks: ranks)
    walk(graph, slots: slots, order: order, next: next)
    let keys: FixedArray<UInt64> = slab.take(count)
    sortChildren(graph, ranks, next: next, keys: keys)
    if ringCount > 0 { listRingBonds(graph) }
  }

  /// The first ring bond that opens at an atom, by its position in ``ringBonds``, or -1.
  @inline(__always)
  func opening(at atom: Int) -> Int { ringCount == 0 ? -1 : Int(firstOpening[atom]) }

  /// The ring bond that opens at the same atom after another, or -1.
  @inline(__always)
  func opening(after ring: Int) -> Int { Int(nextOpening[ring]) }

  /// The first ring bond that closes at an atom, by its position in ``ringBonds``, or -1.
  @inline(__always)
  func closing(at atom: Int) -> Int { ringCount == 0 ? -1 : Int(firstClosing[atom]) }

  /// The ring bond that closes at the same atom after another, or -1.
  @inline(__always)
  func closing(after ring: Int) -> Int { Int(nextClosing[ring]) }

  /// The end of a bond that is written first.
  @inline(__always)
  func firstEnd(_ bond: Bond) -> Int32 {
    visit[Int(bond.begin)] < visit[Int(bond.end)] ? bond.begin : bond.end
  }

  /// Fills in adjacency slots, in the low half of each entry, those of each atom by bond and rank of
  /// the neighbour.
  private mutating func orderSlots(
    _ slots: borrowing FixedArray<UInt64>, _ graph: MolecularGraph,
    ranks: borrowing FixedArray<Int32>
  ) {
    var begin = 0
    for atom in 0..<ranks.count {
      let end = Int(graph.neighborStart[atom + 1])
      for slot in begin..<end {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        let isMultiple = !bond.isAromatic && (bond.order == .double || bond.order == .triple)
        if bond.order == .dative { hasDativeBonds = true }
        let rank = UInt64(truncatingIfNeeded: ranks[Int(graph.neighborAtoms[slot])])
        let key = (isMultiple ? 0 : 1 << 63) | rank << 32 | UInt64(truncatingIfNeeded: slot)
        var place = slot
        if end - begin <= 32 {
          while place > begin, slots[place - 1] > key {
            slots[place] = slots[place - 1]
            place -= 1
          }
        }
        slots[place] = key
      }
      if end - begin > 32 { slots.sortInPlace(begin..<end) { $0 } }
      begin = end
    }
  }

  private mutating func walk(
    _ graph: MolecularGraph, slots: borrowing FixedArray<UInt64>,
    order: borrowing FixedArray<Int32>, next: borrowing FixedArray<Int32>
  ) {
    let count = order.count
    for atom in 0..<count { next[atom] = graph.neighborStart[atom] }
    var place = 0
    while visitedCount < count {
      let root = order[place]
      place += 1
      if visit[Int(root)] >= 0 { continue }
      roots[rootCount] = root
      rootCount += 1
      record(root)
      var current = root
      while current >= 0 {
        let atom = Int(current)
        let entry = next[atom]
        guard entry < graph.neighborStart[atom + 1] else {
          current = parent[atom]
          continue
        }
        let slot = Int(slots[Int(entry)] & 0xffff_ffff)
        next[atom] = entry + 1
        let neighbor = graph.neighborAtoms[slot]
        let bond = graph.neighborBonds[slot]
        let place = visit[Int(neighbor)]
        if place < 0 {
          record(neighbor)
          parent[Int(neighbor)] = current
          parentBond[Int(neighbor)] = bond
          current = neighbor
        } else if bond != parentBond[atom], place < visit[atom] {
          ringBonds[ringCount] = bond
          ringCount += 1
        }
      }
    }
  }

  @inline(__always)
  private mutating func record(_ atom: Int32) {
    visit[Int(atom)] = Int32(truncatingIfNeeded: visitedCount)
    visited[visitedCount] = atom
    visitedCount += 1
  }

  /// Lists the children of each atom; `keys` holds sizes of branches first, then what to sort by.
  private func sortChildren(
    _ graph: MolecularGraph, _ ranks: borrowing FixedArray<Int32>,
    next: borrowing FixedArray<Int32>, keys: borrowing FixedArray<UInt64>
  ) {
    let count = parent.count
    keys.fill(1)
    var index = count - 1
    while index >= 0 {
      let atom = Int(visited[index])
      index -= 1
      let owner = Int(parent[atom])
      guard owner >= 0 else { continue }
      keys[owner] &+= keys[atom]
      childStart[owner + 1] += 1
    }
    for atom in 0..<count {
      next[atom] = childStart[atom]
      childStart[atom + 1] += childStart[atom]
    }
    for place in 0..<count {
      let atom = visited[place]
      let owner = Int(parent[Int(atom)])
      guard owner >= 0 else { continue }
      children[Int(next[owner])] = atom
      next[owner] += 1
    }
    for atom in 0..<count where childStart[atom + 1] - childStart[atom] > 1 {
      let (begin, end) = (Int(childStart[atom]), Int(childStart[atom + 1]))
      for place in begin..<end {
        let childAtom = children[place]
        let child = Int(childAtom)
        let isRing = graph.bonds[Int(parentBond[child])].isInRing
        // The size of the branch; those that lead round a ring outweigh all others.
        let rank = UInt64(truncatingIfNeeded: ranks[child])
        let key = keys[child] << 31 + (isRing ? 1 << 62 : 0) + rank
        keys[child] = key
        var target = place
        if end - begin <= 32 {
          while target > begin, keys[Int(children[target - 1])] > key {
            children[target] = children[target - 1]
            target -= 1
          }
        }
        children[target] = childAtom
      }
      if end - begin > 32 { children.sortInPlace(begin..<end) { keys[Int($0)] } }
    }
  }

  private func listRingBonds(_ graph: MolecularGraph) {
    firstOpening.fill(-1)
    firstClosing.fill(-1)
    for ring in stride(from: ringCount - 1, through: 0, by: -1) {
      let bond = graph.bonds[Int(ringBonds[ring])]
      let first = firstEnd(bond)
      let second = Int(bond.other(than: first))
      nextOpening[ring] = firstOpening[Int(first)]
      firstOpening[Int(first)] = Int32(truncatingIfNeeded: ring)
      nextClosing[ring] = firstClosing[second]
      firstClosing[second] = Int32(truncatingIfNeeded: ring)
    }
  }
}
