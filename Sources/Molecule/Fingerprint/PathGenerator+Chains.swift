extension PathGenerator {
  /// Fills `occurrences` with one identifier for every chain.
  mutating func collect(_ graph: MolecularGraph) {
    occurrences.removeAll(keepingCapacity: true)
    let longest = affordableLength(graph)
    guard longest >= lengths.lowerBound else { return }
    kinds.removeAll(keepingCapacity: true)
    for atom in graph.atoms {
      kinds.append(UInt32(atom.element.number) << 1 | (atom.isAromatic ? 1 : 0))
    }
    chain = [Int32](repeating: 0, count: longest + 1)
    chainBonds = chain
    slots = chain
    onChain.removeAll(keepingCapacity: true)
    onChain.append(contentsOf: repeatElement(false, count: graph.atoms.count))
    for root in graph.atoms.indices { walk(from: root, longest: longest, graph) }
  }

  /// Depth first over all chains from one atom; a chain counts from its end of lower number.
  private mutating func walk(from root: Int, longest: Int, _ graph: MolecularGraph) {
    chain[0] = Int32(root)
    slots[0] = graph.neighborStart[root]
    onChain[root] = true
    var depth = 0
    while depth >= 0 {
      let atom = Int(chain[depth])
      let mayPass = depth == 0 || graph.degree(atom) <= Self.hubDegree
      if depth == longest || !mayPass || slots[depth] == graph.neighborStart[atom + 1] {
        onChain[atom] = false
        depth -= 1
        continue
      }
      let slot = Int(slots[depth])
      slots[depth] += 1
      let neighbor = Int(graph.neighborAtoms[slot])
      chainBonds[depth] = graph.neighborBonds[slot]
      if onChain[neighbor] {
        if depth + 1 == lengths.upperBound { close(at: neighbor, length: depth + 1, graph) }
        continue
      }
      depth += 1
      chain[depth] = Int32(neighbor)
      slots[depth] = graph.neighborStart[neighbor]
      onChain[neighbor] = true
      if neighbor > root, depth >= lengths.lowerBound { append(length: depth, closing: -1, graph) }
    }
  }

  /// A chain of the greatest length that ends on one of its own atoms, once for its bonds.
  private mutating func close(at atom: Int, length: Int, _ graph: MolecularGraph) {
    guard length >= 3, chain[length - 2] != Int32(atom) else { return }
    guard let place = chain[0..<length].firstIndex(of: Int32(atom)) else { return }
    // Of the two ways round the ring one counts, of a whole ring that from its least atom.
    guard chain[place + 1] < chain[length - 1] else { return }
    if place == 0, chain[1..<length].contains(where: { $0 < Int32(atom) }) { return }
    append(length: length, closing: place, graph)
  }

  /// The identifier of the chain's bonds; `closing` is the place its last bond returns to, or -1.
  private mutating func append(length: Int, closing: Int, _ graph: MolecularGraph) {
    bondHashes.removeAll(keepingCapacity: true)
    for index in 0..<length {
      let isLast = index == length - 1
      let right = isLast && closing >= 0 ? closing : index + 1
      var neighbors: UInt32 = (index > 0 ? 1 : 0) + (isLast ? 0 : 1)
      var (leftDegree, rightDegree): (UInt32, UInt32) = (index > 0 ? 2 : 1, isLast ? 1 : 2)
      if closing >= 0 {
        let junction: UInt32 = closing == 0 ? 2 : 3
        if index == closing { leftDegree = junction }
        if right == closing { rightDegree = junction }
        // The last bond also touches the bonds at the place it returns to.
        if isLast { neighbors += junction - 1 }
        if !isLast, index == closing || index + 1 == closing { neighbors += 1 }
      }
      bondHashes.append(
        UInt64(
          bondHash(
            neighbors, graph.bonds[Int(chainBonds[index])],
            (kinds[Int(chain[index])], leftDegree), (kinds[Int(chain[right])], rightDegree))))
    }
    if length == 1 {
      occurrences.append(bondHashes[0])
      return
    }
    bondHashes.sortFew()
    var hash = HashCombine()
    for value in bondHashes { hash.add(UInt32(truncatingIfNeeded: value)) }
    hash.add(UInt32(closing >= 0 ? length : length + 1))
    occurrences.append(UInt64(hash.value))
  }

  private func bondHash(
    _ neighbors: UInt32, _ bond: Bond, _ left: (kind: UInt32, degree: UInt32),
    _ right: (kind: UInt32, degree: UInt32)
  ) -> UInt32 {
    let isOrdered =
      left.kind > right.kind || (left.kind == right.kind && left.degree >= right.degree)
    let (high, low) = isOrdered ? (left, right) : (right, left)
    var hash = HashCombine(neighbors)
    hash.add(bond.fingerprintCode)
    hash.add(high.kind)
    hash.add(high.degree)
    hash.add(low.kind)
    hash.add(low.degree)
    return hash.value
  }

  /// The greatest length whose chains can be listed within the limit, by counting walks that do
  /// not turn back at once; depends on the molecule only, not on its spelling.
  private func affordableLength(_ graph: MolecularGraph) -> Int {
    let limit = Double(Self.stepsPerAtom * graph.atoms.count + Self.allowance)
    var walks = graph.atoms.indices.map { Double(graph.degree($0)) }
    var next = walks
    for length in 1..<lengths.upperBound {
      for atom in graph.atoms.indices {
        var sum = 0.0
        for slot in graph.neighborRange(atom) {
          let neighbor = Int(graph.neighborAtoms[slot])
          if graph.degree(neighbor) <= Self.hubDegree { sum += max(0, walks[neighbor] - 1) }
        }
        next[atom] = sum
      }
      swap(&walks, &next)
      if walks.reduce(0, +) > limit { return length }
    }
    return lengths.upperBound
  }
}

extension Array where Element == UInt64 {
  /// Sorts a handful of values.
  fileprivate mutating func sortFew() {
    var span = mutableSpan
    var index = 1
    while index < span.count {
      let value = span[index]
      var place = index
      while place > 0, span[place - 1] > value {
        span[place] = span[place - 1]
        place -= 1
      }
      span[place] = value
      index += 1
    }
  }
}
