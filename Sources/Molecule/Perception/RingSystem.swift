/// One connected set of ring bonds, renumbered from 0, and the scratch space to search it.
struct RingSystem: ~Copyable {
  private(set) var atomCount = 0
  private(set) var bondCount = 0
  /// Graph index of each local atom.
  private let atoms: FixedArray<Int32>
  /// Graph index of each local bond.
  private let bonds: FixedArray<Int32>
  private let start: FixedArray<Int32>
  private let neighbors: FixedArray<Int32>
  private let incident: FixedArray<Int32>
  private let localAtom: FixedArray<Int32>
  private let localBond: FixedArray<Int32>

  /// Independent cycles: bonds − atoms + 1.
  var cycleCount: Int { bondCount - atomCount + 1 }

  /// Space for systems of at most `ringBonds` bonds, which have no more atoms.
  init(graph: MolecularGraph, ringBonds: Int) {
    atoms = FixedArray(repeating: 0, count: ringBonds)
    bonds = FixedArray(repeating: 0, count: ringBonds)
    start = FixedArray(repeating: 0, count: ringBonds + 1)
    neighbors = FixedArray(repeating: 0, count: 2 * ringBonds)
    incident = FixedArray(repeating: 0, count: 2 * ringBonds)
    localAtom = FixedArray(repeating: -1, count: graph.atoms.count)
    localBond = FixedArray(repeating: -1, count: graph.bonds.count)
  }

  /// Whether a system loaded so far holds the atom.
  func hasSeen(_ atom: Int) -> Bool { localAtom[atom] >= 0 }

  /// Collects everything that ring bonds connect to `root`.
  mutating func load(from root: Int32, graph: MolecularGraph) {
    atoms[0] = root
    localAtom[Int(root)] = 0
    var (atomsFound, bondsFound, entries) = (1, 0, 0)
    var next = 0
    while next < atomsFound {
      let atom = Int(atoms[next])
      for slot in graph.neighborRange(atom) {
        let bond = Int(graph.neighborBonds[slot])
        guard graph.bonds[bond].isInRing else { continue }
        let neighbor = Int(graph.neighborAtoms[slot])
        if localAtom[neighbor] < 0 {
          localAtom[neighbor] = Int32(truncatingIfNeeded: atomsFound)
          atoms[atomsFound] = Int32(truncatingIfNeeded: neighbor)
          atomsFound += 1
        }
        if localBond[bond] < 0 {
          localBond[bond] = Int32(truncatingIfNeeded: bondsFound)
          bonds[bondsFound] = Int32(truncatingIfNeeded: bond)
          bondsFound += 1
        }
        neighbors[entries] = localAtom[neighbor]
        incident[entries] = localBond[bond]
        entries += 1
      }
      next += 1
      start[next] = Int32(truncatingIfNeeded: entries)
    }
    (atomCount, bondCount) = (atomsFound, bondsFound)
  }

  /// The only ring of a system with as many bonds as atoms.
  func walk(into rings: inout RingSet.Builder) {
    var atom = 0
    var slot = 0
    repeat {
      let entered = incident[slot]
      rings.append(atom: atoms[atom], bond: bonds[Int(entered)])
      atom = Int(neighbors[slot])
      slot = Int(start[atom])
      if incident[slot] == entered { slot += 1 }
    } while atom != 0
    rings.endRing(inBasis: true)
  }

  /// Cycles of a search, each with its root as highest atom: concatenated local atoms and bonds.
  struct Candidates: ~Copyable {
    var starts = GrowingArray<Int32>(capacity: 32)
    var atoms: GrowingArray<Int32>
    var bonds: GrowingArray<Int32>
    var count: Int { starts.count - 1 }

    init(capacity: Int) {
      atoms = GrowingArray(capacity: capacity)
      bonds = GrowingArray(capacity: capacity)
      starts.append(0)
    }

    borrowing func range(_ index: Int) -> Range<Int> { Int(starts[index])..<Int(starts[index + 1]) }

    borrowing func size(_ index: Int) -> Int { Int(starts[index + 1] - starts[index]) }

    /// Candidates by size, then in the order found, as positions in `order`; the places where each
    /// size starts.
    borrowing func bySize(maximumSize: Int, into order: borrowing FixedArray<Int32>) -> FixedArray<
      Int32
    > {
      let first = FixedArray<Int32>(repeating: 0, count: maximumSize + 3)
      for index in 0..<count { first[size(index) + 2] += 1 }
      for size in 0...maximumSize { first[size + 2] += first[size + 1] }
      for index in 0..<count {
        let size = size(index)
        order[Int(first[size + 1])] = Int32(truncatingIfNeeded: index)
        first[size + 1] += 1
      }
      return first
    }
  }

  /// Finds cycles made of two shortest paths from their highest-numbered atom.
  ///
  /// Breadth-first search from each atom over lower-numbered atoms; two branches that meet close a
  /// cycle. Looks at no more than `edgeLimit` bonds from each atom.
  func candidates(maximumSize: Int, edgeLimit: Int) -> Candidates {
    var result = Candidates(capacity: 4 * bondCount)
    let distance = FixedArray<Int32>(repeating: -1, count: atomCount)
    let parentBond = FixedArray<Int32>(repeating: -1, count: atomCount)
    let parent = FixedArray<Int32>(repeating: -1, count: atomCount)
    let branch = FixedArray<Int32>(repeating: -1, count: atomCount)
    let queue = FixedArray<Int32>(repeating: 0, count: atomCount)
    for root in 0..<atomCount {
      // The highest atom of a cycle has two lower neighbours.
      var lower = 0
      for slot in Int(start[root])..<Int(start[root + 1]) where Int(neighbors[slot]) < root {
        lower += 1
      }
      if lower < 2 { continue }
      queue[0] = Int32(truncatingIfNeeded: root)
      distance[root] = 0
      var (head, tail, edges) = (0, 1, 0)
      while head < tail, edges < edgeLimit {
        let atom = Int(queue[head])
        head += 1
        let depth = distance[atom]
        if 2 * Int(depth) + 1 > maximumSize { break }
        for slot in Int(start[atom])..<Int(start[atom + 1]) {
          let other = Int(neighbors[slot])
          if other > root { continue }
          edges += 1
          if distance[other] < 0 {
            distance[other] = depth + 1
            parent[other] = Int32(truncatingIfNeeded: atom)
            parentBond[other] = incident[slot]
            branch[other] = atom == root ? Int32(truncatingIfNeeded: other) : branch[atom]
            queue[tail] = Int32(truncatingIfNeeded: other)
            tail += 1
          } else if atom != root, other != root, branch[other] != branch[atom],
            distance[other] == depth + 1 || (distance[other] == depth && atom < other)
          {
            let lengths = (Int(depth), Int(distance[other]))
            if lengths.0 + lengths.1 + 1 > maximumSize { continue }
            // Down one branch to the root, then up the other; the closing bond comes last.
            var step = atom
            while step != root {
              result.atoms.append(Int32(truncatingIfNeeded: step))
              result.bonds.append(parentBond[step])
              step = Int(parent[step])
            }
            result.atoms.append(Int32(truncatingIfNeeded: root))
            let end = result.atoms.count + lengths.1
            step = other
            for _ in 0..<lengths.1 {
              result.atoms.append(0)
              result.bonds.append(0)
            }
            for place in 1...lengths.1 {
              result.atoms[end - place] = Int32(truncatingIfNeeded: step)
              result.bonds[end - 1 - place] = parentBond[step]
              step = Int(parent[step])
            }
            result.bonds.append(incident[slot])
            result.starts.append(Int32(truncatingIfNeeded: result.atoms.count))
          }
        }
      }
      for place in 0..<tail { distance[Int(queue[place])] = -1 }
    }
    return result
  }

  func append(
    _ index: Int, of found: borrowing Candidates, inBasis: Bool, to rings: inout RingSet.Builder
  ) {
    for place in found.range(index) {
      rings.append(
        atom: atoms[Int(found.atoms[place])], bond: bonds[Int(found.bonds[place])])
    }
    rings.endRing(inBasis: inBasis)
  }
}

extension RingSystem {
  /// Rings of at most this size are looked for first; most systems have no other.
  private static let ordinaryRingSize = 6

  /// Keeps the cycles that are no sum of shorter ones: elimination over GF(2), shortest first.
  func findRelevantCycles(into rings: inout RingSet.Builder) {
    if atomCount > Self.ordinaryRingSize {
      let small = candidates(maximumSize: Self.ordinaryRingSize, edgeLimit: .max)
      if keepRelevant(of: small, maximumSize: Self.ordinaryRingSize, to: &rings) { return }
    }
    let found = candidates(maximumSize: atomCount, edgeLimit: .max)
    let isComplete = keepRelevant(of: found, maximumSize: atomCount, to: &rings)
    precondition(isComplete, "the shortest cycles span all cycles")
  }

  /// Adds the relevant ones of all cycles up to a size, unless they do not span every cycle.
  private func keepRelevant(
    of found: borrowing Candidates, maximumSize: Int, to rings: inout RingSet.Builder
  ) -> Bool {
    if found.count < cycleCount { return false }
    let order = FixedArray<Int32>(repeating: 0, count: found.count)
    let first = found.bySize(maximumSize: maximumSize, into: order)
    var basis = CycleSpace(bondCount: bondCount, dimension: cycleCount)
    var kept = GrowingArray<Int32>(capacity: 2 * cycleCount)
    var isNew = GrowingArray<Bool>(capacity: 2 * cycleCount)
    for size in 3...maximumSize where basis.rank < cycleCount {
      let places = Int(first[size])..<Int(first[size + 1])
      let before = kept.count
      for place in places where !basis.contains(found.bonds, found.range(Int(order[place]))) {
        kept.append(order[place])
      }
      for place in before..<kept.count {
        isNew.append(basis.insert(found.bonds, found.range(Int(kept[place]))))
      }
    }
    guard basis.rank == cycleCount else { return false }
    for place in 0..<kept.count {
      append(Int(kept[place]), of: found, inBasis: isNew[place], to: &rings)
    }
    return true
  }

  /// Keeps each cycle that is a smallest one through some of its bonds.
  func findShortCycles(into rings: inout RingSet.Builder) {
    let found = candidates(maximumSize: RingSet.largeSystemRingSize, edgeLimit: 512)
    let smallest = FixedArray<Int32>(repeating: .max, count: bondCount)
    for index in 0..<found.count {
      let size = Int32(found.size(index))
      for place in found.range(index) {
        let bond = Int(found.bonds[place])
        smallest[bond] = min(smallest[bond], size)
      }
    }
    for index in 0..<found.count {
      let range = found.range(index)
      let isSmallest = range.contains { smallest[Int(found.bonds[$0])] == Int32(range.count) }
      if isSmallest { append(index, of: found, inBasis: true, to: &rings) }
    }
  }
}
