/// One connected set of ring bonds, renumbered from 0, and the scratch space to search it.
struct RingSystem {
  /// Graph index of each local atom.
  private(set) var atoms: [Int32] = []
  /// Graph index of each local bond.
  private(set) var bonds: [Int32] = []
  private var start: [Int32] = []
  private var neighbors: [Int32] = []
  private var incident: [Int32] = []
  private var localAtom: [Int32]
  private var localBond: [Int32]

  var bondCount: Int { bonds.count }
  /// Independent cycles: bonds − atoms + 1.
  var cycleCount: Int { bonds.count - atoms.count + 1 }

  init(graph: MolecularGraph) {
    let hasRings = graph.bonds.contains { $0.isInRing }
    localAtom = [Int32](repeating: -1, count: hasRings ? graph.atoms.count : 0)
    localBond = [Int32](repeating: -1, count: hasRings ? graph.bonds.count : 0)
  }

  /// Collects everything that ring bonds connect to `root`.
  mutating func load(from root: Int32, graph: MolecularGraph, seen: inout [Bool]) {
    atoms = [root]
    bonds = []
    start = [0]
    neighbors = []
    incident = []
    seen[Int(root)] = true
    localAtom[Int(root)] = 0
    var next = 0
    while next < atoms.count {
      let atom = Int(atoms[next])
      for slot in graph.neighborRange(atom) {
        let bond = Int(graph.neighborBonds[slot])
        guard graph.bonds[bond].isInRing else { continue }
        let neighbor = Int(graph.neighborAtoms[slot])
        if !seen[neighbor] {
          seen[neighbor] = true
          localAtom[neighbor] = Int32(atoms.count)
          atoms.append(Int32(neighbor))
        }
        if localBond[bond] < 0 {
          localBond[bond] = Int32(bonds.count)
          bonds.append(Int32(bond))
        }
        neighbors.append(localAtom[neighbor])
        incident.append(localBond[bond])
      }
      start.append(Int32(neighbors.count))
      next += 1
    }
  }

  /// The only ring of a system with as many bonds as atoms.
  func walk(graph: MolecularGraph, into rings: inout RingSet) {
    var order: [Int32] = []
    var path: [Int32] = []
    order.reserveCapacity(atoms.count)
    path.reserveCapacity(atoms.count)
    var atom = 0
    var slot = 0
    repeat {
      order.append(atoms[atom])
      path.append(bonds[Int(incident[slot])])
      let entered = incident[slot]
      atom = Int(neighbors[slot])
      slot = Int(start[atom])
      if incident[slot] == entered { slot += 1 }
    } while atom != 0
    rings.append(atoms: order, bonds: path, inBasis: true)
  }

  /// Cycles of the search, each with its root as highest atom: concatenated local atoms and bonds.
  struct Candidates {
    var start: [Int32] = [0]
    var atoms: [Int32] = []
    var bonds: [Int32] = []
    var count: Int { start.count - 1 }

    func range(_ index: Int) -> Range<Int> { Int(start[index])..<Int(start[index + 1]) }
  }

  /// Finds cycles made of two shortest paths from their highest-numbered atom.
  ///
  /// Breadth-first search from each atom over lower-numbered atoms; two branches that meet close a
  /// cycle. Looks at no more than `edgeLimit` bonds from each atom.
  func candidates(maximumSize: Int, edgeLimit: Int) -> Candidates {
    var result = Candidates()
    var distance = [Int32](repeating: -1, count: atoms.count)
    var parentSlot = [Int32](repeating: -1, count: atoms.count)
    var parent = parentSlot
    var branch = parentSlot
    var queue: [Int32] = []
    for root in atoms.indices {
      queue.append(Int32(root))
      distance[root] = 0
      var head = 0
      var edges = 0
      while head < queue.count, edges < edgeLimit {
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
            parent[other] = Int32(atom)
            parentSlot[other] = incident[slot]
            branch[other] = atom == root ? Int32(other) : branch[atom]
            queue.append(Int32(other))
          } else if atom != root, other != root, branch[other] != branch[atom],
            distance[other] == depth + 1 || (distance[other] == depth && atom < other)
          {
            let size = Int(depth + distance[other]) + 1
            if size > maximumSize { continue }
            // Down one branch to the root, then up the other; the closing bond comes last.
            let first = result.atoms.count
            var step = atom
            while step != root {
              result.atoms.append(Int32(step))
              result.bonds.append(parentSlot[step])
              step = Int(parent[step])
            }
            result.atoms.append(Int32(root))
            let middle = result.atoms.count
            step = other
            while step != root {
              result.atoms.append(Int32(step))
              result.bonds.append(parentSlot[step])
              step = Int(parent[step])
            }
            result.atoms[middle...].reverse()
            result.bonds[(middle - 1)...].reverse()
            result.bonds.append(incident[slot])
            precondition(result.atoms.count - first == size, "cycle of \(size)")
            result.start.append(Int32(result.atoms.count))
          }
        }
      }
      for atom in queue { distance[Int(atom)] = -1 }
      queue.removeAll(keepingCapacity: true)
    }
    return result
  }

  func append(_ index: Int, of found: Candidates, inBasis: Bool, to rings: inout RingSet) {
    let range = found.range(index)
    rings.append(
      atoms: found.atoms[range].lazy.map { atoms[Int($0)] },
      bonds: found.bonds[range].lazy.map { bonds[Int($0)] }, inBasis: inBasis)
  }
}

extension RingSystem {
  /// Keeps the cycles that are no sum of shorter ones: elimination over GF(2), shortest first.
  func findRelevantCycles(into rings: inout RingSet) {
    let found = candidates(maximumSize: atoms.count, edgeLimit: .max)
    let order = (0..<found.count).sorted {
      let (left, right) = (found.range($0).count, found.range($1).count)
      return left == right ? $0 < $1 : left < right
    }
    var basis = CycleSpace(bondCount: bondCount)
    var position = 0
    while position < order.count, basis.rank < cycleCount {
      let size = found.range(order[position]).count
      var kept: [Int] = []
      while position < order.count, found.range(order[position]).count == size {
        if !basis.contains(found.bonds[found.range(order[position])]) {
          kept.append(order[position])
        }
        position += 1
      }
      for index in kept {
        let isNew = basis.insert(found.bonds[found.range(index)])
        append(index, of: found, inBasis: isNew, to: &rings)
      }
    }
  }

  /// Keeps each cycle that is a smallest one through some of its bonds.
  func findShortCycles(into rings: inout RingSet) {
    let found = candidates(maximumSize: RingSet.largeSystemRingSize, edgeLimit: 512)
    var smallest = [Int32](repeating: .max, count: bondCount)
    for index in 0..<found.count {
      let size = Int32(found.range(index).count)
      for bond in found.bonds[found.range(index)] {
        smallest[Int(bond)] = min(smallest[Int(bond)], size)
      }
    }
    for index in 0..<found.count {
      let range = found.range(index)
      if found.bonds[range].contains(where: { smallest[Int($0)] == Int32(range.count) }) {
        append(index, of: found, inBasis: true, to: &rings)
      }
    }
  }
}

/// A space of bond sets over GF(2), kept in echelon form.
struct CycleSpace {
  private let words: Int
  private var rows: [UInt64] = []
  /// Row that owns each bond as its lowest one, or -1.
  private var pivot: [Int32]
  private var scratch: [UInt64]
  private(set) var rank = 0

  init(bondCount: Int) {
    words = (bondCount + 63) / 64
    pivot = [Int32](repeating: -1, count: bondCount)
    scratch = [UInt64](repeating: 0, count: words)
  }

  mutating func contains(_ bonds: ArraySlice<Int32>) -> Bool { reduce(bonds) == nil }

  /// Adds a set; false when it was in the space already.
  mutating func insert(_ bonds: ArraySlice<Int32>) -> Bool {
    guard let bit = reduce(bonds) else { return false }
    pivot[bit] = Int32(rank)
    rank += 1
    rows.append(contentsOf: scratch)
    return true
  }

  /// Leaves the remainder in `scratch`; its lowest bond, or nil when nothing remains.
  private mutating func reduce(_ bonds: ArraySlice<Int32>) -> Int? {
    for word in 0..<words { scratch[word] = 0 }
    for bond in bonds { scratch[Int(bond) >> 6] ^= 1 << UInt64(bond & 63) }
    for word in 0..<words {
      while scratch[word] != 0 {
        let bit = word << 6 + scratch[word].trailingZeroBitCount
        let row = Int(pivot[bit])
        if row < 0 { return bit }
        for column in word..<words { scratch[column] ^= rows[row * words + column] }
      }
    }
    return nil
  }
}
