import Tensor

extension MolecularFingerprint {
  /// Longest chain, in bonds.
  static let longestPath = 5
  /// Chains end at atoms of more neighbours than this, such as metals in clusters.
  static let pathHubDegree = 8
  /// Steps the search may take per atom on average; molecules above it get shorter chains.
  static let pathStepsPerAtom = 400

  /// Chains of one to five bonds over distinct atoms, the same key from either end.
  static func addPaths(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    let length = affordablePathLength(in: graph)
    guard length > 0 else { return }
    let atomCodes = graph.atoms.indices.map { pathAtomCode(graph.atoms[$0]) }
    let bondCodes = (0..<8).map { key(.pathBond, $0) }
    // A chain is spelled as a polynomial over its atoms and bonds, read both ways at once.
    let base: UInt64 = 0x9e37_79b9_7f4a_7c15
    var powers = [UInt64](repeating: 1, count: 2 * longestPath + 2)
    for index in 1..<powers.count { powers[index] = powers[index - 1] &* base }
    var onPath = [Bool](repeating: false, count: graph.atoms.count)
    var chain = [Int](repeating: 0, count: longestPath + 1)
    var slots = chain
    var forward = [UInt64](repeating: 0, count: longestPath + 1)
    var backward = forward
    for root in graph.atoms.indices {
      chain[0] = root
      slots[0] = Int(graph.neighborStart[root])
      forward[0] = atomCodes[root]
      backward[0] = atomCodes[root]
      onPath[root] = true
      var depth = 0
      while depth >= 0 {
        let atom = chain[depth]
        let mayPass = depth == 0 || graph.degree(atom) <= pathHubDegree
        if depth == length || !mayPass || slots[depth] == Int(graph.neighborStart[atom + 1]) {
          onPath[atom] = false
          depth -= 1
          continue
        }
        let slot = slots[depth]
        slots[depth] += 1
        let neighbor = Int(graph.neighborAtoms[slot])
        if onPath[neighbor] { continue }
        let bond = bondCodes[Int(graph.bonds[Int(graph.neighborBonds[slot])].pathCode)]
        let code = atomCodes[neighbor]
        forward[depth + 1] = (forward[depth] &* base &+ bond) &* base &+ code
        backward[depth + 1] =
          backward[depth] &+ powers[2 * depth + 1] &* bond &+ powers[2 * depth + 2] &* code
        depth += 1
        chain[depth] = neighbor
        slots[depth] = Int(graph.neighborStart[neighbor])
        onPath[neighbor] = true
        guard neighbor > root else { continue }
        var hash = FeatureHash(kind: FeatureKind.path.rawValue)
        let (left, right) = (forward[depth], backward[depth])
        hash.combine(min(left, right) &* base &+ max(left, right))
        sink.append(hash.key) { chain[...depth].map { Int32($0) } }
      }
    }
  }

  private static func pathAtomCode(_ atom: Atom) -> UInt64 {
    key(
      .pathAtom,
      Int(atom.element.number) | (atom.isAromatic ? 256 : 0) | (Int(atom.charge) + 128) << 16)
  }

  /// The longest chains that can be listed within the limit, by counting walks that do not turn
  /// back at once; depends on the molecule only, not on its spelling.
  private static func affordablePathLength(in graph: MolecularGraph) -> Int {
    let limit = Double(pathStepsPerAtom * graph.atoms.count + 20_000)
    var walks = graph.atoms.indices.map { Double(graph.degree($0)) }
    var next = walks
    for length in 1..<longestPath {
      for atom in graph.atoms.indices {
        var sum = 0.0
        for slot in graph.neighborRange(atom) {
          let neighbor = Int(graph.neighborAtoms[slot])
          if graph.degree(neighbor) <= pathHubDegree { sum += max(0, walks[neighbor] - 1) }
        }
        next[atom] = sum
      }
      swap(&walks, &next)
      if walks.reduce(0, +) > limit { return length }
    }
    return longestPath
  }
}

extension Bond {
  /// Bond type without direction: a dative bond reads the same from both ends.
  var pathCode: UInt8 { isAromatic ? 6 : order.rawValue }
}
