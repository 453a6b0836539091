/// A matching of aromatic atoms along aromatic bonds.
struct DoubleBondMatching {
  enum Need: UInt8 { case no, optional, required }

  let graph: MolecularGraph
  let need: [Need]
  /// The atom at the other end of the double bond, or -1; [A].
  var partner: [Int32]
  /// Scratch of one search, valid for the atoms in `touched`.
  private var parent: [Int32]
  private var base: [Int32]
  private var isOuter: [Bool]
  private var mark: [Int32]
  private var markCount: Int32 = 0
  private var touched: [Int32] = []
  /// Whether optional atoms take part: only when the required ones cannot do without.
  private var usesOptional = false

  init(graph: MolecularGraph) {
    self.graph = graph
    need = graph.atoms.indices.map { graph.doubleBondNeed($0) }
    partner = [Int32](repeating: -1, count: need.count)
    parent = partner
    base = (0..<Int32(need.count)).map { $0 }
    isOuter = [Bool](repeating: false, count: need.count)
    mark = [Int32](repeating: 0, count: need.count)
  }

  private func isUsable(_ slot: Int) -> Bool {
    guard graph.bonds[Int(graph.neighborBonds[slot])].isAromatic else { return false }
    switch need[Int(graph.neighborAtoms[slot])] {
    case .no: return false
    case .optional: return usesOptional
    case .required: return true
    }
  }

  private func freeDegree(_ atom: Int) -> Int {
    var count = 0
    for slot in graph.neighborRange(atom)
    where isUsable(slot) && partner[Int(graph.neighborAtoms[slot])] < 0 { count += 1 }
    return count
  }

  /// Matches atoms with one choice first, then the rest in order; O(A + B) for bounded degree.
  mutating func matchGreedily() {
    var forced: [Int32] = []
    for atom in need.indices where need[atom] == .required && freeDegree(atom) == 1 {
      forced.append(Int32(atom))
    }
    for start in need.indices where need[start] == .required {
      drain(&forced)
      if partner[start] < 0 { matchOne(start, &forced) }
    }
    drain(&forced)
  }

  private mutating func drain(_ forced: inout [Int32]) {
    while let atom = forced.popLast() {
      if partner[Int(atom)] < 0 { matchOne(Int(atom), &forced) }
    }
  }

  /// Of equal choices at phosphorus and the like the bond completed first in the text is double, as
  /// in RDKit: the CIP labels of cyclophosphazenes depend on it.
  private mutating func matchOne(_ atom: Int, _ forced: inout [Int32]) {
    var best = -1
    var bestScore = (Int.max, Int32.max)
    for slot in graph.neighborRange(atom) where isUsable(slot) {
      let neighbor = Int(graph.neighborAtoms[slot])
      guard partner[neighbor] < 0 else { continue }
      let row = max(graph.atoms[atom].element.number, graph.atoms[neighbor].element.number)
      let score = (freeDegree(neighbor), row > 10 ? graph.neighborBonds[slot] : 0)
      if score < bestScore { (best, bestScore) = (neighbor, score) }
    }
    guard best >= 0 else { return }
    partner[atom] = Int32(best)
    partner[best] = Int32(atom)
    for changed in [atom, best] {
      for slot in graph.neighborRange(changed) where isUsable(slot) {
        let neighbor = Int(graph.neighborAtoms[slot])
        if partner[neighbor] < 0, freeDegree(neighbor) == 1 {
          forced.append(Int32(neighbor))
        }
      }
    }
  }

  /// Gives every required atom a partner; returns one that cannot have any.
  mutating func complete() -> Int? {
    let open = need.indices.filter { need[$0] == .required && partner[$0] < 0 }
    var failed: [Int] = []
    let hasOptional = need.contains(.optional)
    for atom in open where partner[atom] < 0 && !search(from: atom) {
      guard hasOptional else { return atom }
      failed.append(atom)
    }
    usesOptional = true
    return failed.first { !search(from: $0) }
  }

  private mutating func search(from atom: Int) -> Bool {
    let found = augment(from: Int32(atom))
    for index in touched {
      parent[Int(index)] = -1
      base[Int(index)] = index
      isOuter[Int(index)] = false
    }
    touched.removeAll(keepingCapacity: true)
    return found
  }

  /// Edmonds, "Paths, trees, and flowers", 1965: breadth-first search that shrinks odd cycles.
  private mutating func augment(from root: Int32) -> Bool {
    var queue = [root]
    var head = 0
    isOuter[Int(root)] = true
    touched.append(root)
    while head < queue.count {
      let atom = queue[head]
      head += 1
      for slot in graph.neighborRange(Int(atom)) where isUsable(slot) {
        let other = graph.neighborAtoms[slot]
        if base[Int(atom)] == base[Int(other)] || partner[Int(atom)] == other { continue }
        if isOuter[Int(other)] {
          shrink(atom, other, &queue)
        } else if parent[Int(other)] < 0 {
          parent[Int(other)] = atom
          touched.append(other)
          let mate = partner[Int(other)]
          if mate < 0 {
            flip(from: other)
            return true
          }
          touched.append(mate)
          if need[Int(mate)] == .optional {
            partner[Int(mate)] = -1
            flip(from: other)
            return true
          }
          isOuter[Int(mate)] = true
          queue.append(mate)
        }
      }
    }
    return false
  }

  private mutating func flip(from end: Int32) {
    var atom = end
    while atom >= 0 {
      let previous = parent[Int(atom)]
      let next = partner[Int(previous)]
      partner[Int(atom)] = previous
      partner[Int(previous)] = atom
      atom = next
    }
  }

  private mutating func shrink(_ left: Int32, _ right: Int32, _ queue: inout [Int32]) {
    let top = commonBase(left, right)
    markCount += 1
    markPath(from: left, to: top, child: right)
    markPath(from: right, to: top, child: left)
    // Bases of this round are marked with the current count.
    for position in touched.indices {
      let index = Int(touched[position])
      guard mark[Int(base[index])] == markCount else { continue }
      base[index] = top
      if !isOuter[index] {
        isOuter[index] = true
        queue.append(Int32(index))
      }
    }
  }

  private mutating func commonBase(_ left: Int32, _ right: Int32) -> Int32 {
    markCount += 1
    var atom = left
    while true {
      atom = base[Int(atom)]
      mark[Int(atom)] = markCount
      if partner[Int(atom)] < 0 { break }
      atom = parent[Int(partner[Int(atom)])]
    }
    atom = base[Int(right)]
    while mark[Int(atom)] != markCount {
      atom = base[Int(parent[Int(partner[Int(atom)])])]
    }
    return atom
  }

  private mutating func markPath(from start: Int32, to top: Int32, child: Int32) {
    var (atom, child) = (start, child)
    while base[Int(atom)] != top {
      let mate = partner[Int(atom)]
      mark[Int(base[Int(atom)])] = markCount
      mark[Int(base[Int(mate)])] = markCount
      parent[Int(atom)] = child
      child = mate
      atom = parent[Int(mate)]
    }
  }
}
