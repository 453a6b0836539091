extension MorganGenerator {
  /// Fills `occurrences` with the identifier of every environment that is kept.
  mutating func collect(_ graph: MolecularGraph) {
    let atomCount = graph.atoms.count
    occurrences.removeAll(keepingCapacity: true)
    switch invariants {
    case .connectivity: graph.fillConnectivityInvariants(&current)
    case .features: graph.fillFeatureInvariants(&current)
    }
    for identifier in current { occurrences.append(UInt64(identifier)) }
    guard radius > 0, !graph.bonds.isEmpty else { return }
    next.removeAll(keepingCapacity: true)
    next.append(contentsOf: current)
    fillBondCodes(graph)
    let isExact = graph.bonds.count <= Self.bondSetLimit
    let width = isExact ? (graph.bonds.count + 63) / 64 : 1
    isDead.removeAll(keepingCapacity: true)
    for atom in 0..<atomCount { isDead.append(graph.degree(atom) == 0) }
    sets.removeAll(keepingCapacity: true)
    sets.append(contentsOf: repeatElement(0, count: atomCount * width))
    if width == 1 {
      earlierSets.removeAll(keepingCapacity: true)
      earlierSets.append(contentsOf: sets)
    }
    environments.reset(capacity: atomCount * radius, firstMember: occurrences.count)
    var sums = isExact ? nil : BondSums(graph: graph)
    var stereo: [StereoElement] = usesChirality ? graph.stereoElements() : []
    for layer in 0..<radius {
      Self.update(
        graph, layer: UInt32(layer), current: current, bondCodes: bondCodes, isDead: isDead,
        next: &next)
      if usesChirality { addStereo(&stereo, graph) }
      if isExact {
        if width == 1 {
          swap(&earlierSets, &sets)
          Self.growSingleWordSets(graph, isDead: isDead, from: earlierSets, to: &sets)
        } else {
          growSets(graph, width: width)
        }
      } else {
        sums?.fill(&sets, radius: layer + 1, graph: graph)
      }
      if width > 1 { fillKeys(width: width) }
      environments.keep(
        width > 1 ? keys : sets, next, isDead: &isDead, occurrences: &occurrences)
      swap(&current, &next)
    }
  }

  private mutating func fillBondCodes(_ graph: MolecularGraph) {
    bondCodes.removeAll(keepingCapacity: true)
    for bond in graph.bonds {
      bondCodes.append(usesBondTypes ? bond.fingerprintCode : 1)
    }
  }

  /// Each living atom's identifier of the next layer, from its own and its neighbours'; 0 of dead
  /// atoms.
  private static func update(
    _ graph: MolecularGraph, layer: UInt32, current: [UInt32], bondCodes: [UInt32], isDead: [Bool],
    next: inout [UInt32]
  ) {
    let starts = graph.neighborStart.span
    let neighbors = graph.neighborAtoms.span
    let bonds = graph.neighborBonds.span
    let identifiers = current.span
    let codes = bondCodes.span
    let dead = isDead.span
    var fresh = next.mutableSpan
    for atom in 0..<identifiers.count {
      if dead[atom] {
        fresh[atom] = 0
        continue
      }
      var hash = HashCombine(layer)
      hash.add(identifiers[atom])
      let (first, end) = (Int(starts[atom]), Int(starts[atom + 1]))
      if end - first <= fewNeighbors {
        var sorted = InlineArray<8, UInt64>(repeating: 0)
        for slot in first..<end {
          let entry =
            UInt64(codes[Int(bonds[slot])]) << 32 | UInt64(identifiers[Int(neighbors[slot])])
          var place = slot - first
          while place > 0, sorted[place - 1] > entry {
            sorted[place] = sorted[place - 1]
            place -= 1
          }
          sorted[place] = entry
        }
        for place in 0..<end - first { hash.add(entry: sorted[place]) }
      } else {
        let entries = (first..<end).map { slot in
          UInt64(codes[Int(bonds[slot])]) << 32 | UInt64(identifiers[Int(neighbors[slot])])
        }
        for entry in entries.sorted() { hash.add(entry: entry) }
      }
      fresh[atom] = hash.value
    }
  }

  /// Neighbours up to which they are sorted in place.
  private static let fewNeighbors = 8

  /// Adds to each living atom's bonds those its neighbours had.
  private mutating func growSets(_ graph: MolecularGraph, width: Int) {
    earlierSets.removeAll(keepingCapacity: true)
    earlierSets.append(contentsOf: sets)
    for atom in 0..<graph.atoms.count where !isDead[atom] {
      for slot in graph.neighborRange(atom) {
        let bond = Int(graph.neighborBonds[slot])
        sets[atom * width + bond >> 6] |= 1 << UInt64(bond & 63)
        let from = Int(graph.neighborAtoms[slot]) * width
        for word in 0..<width { sets[atom * width + word] |= earlierSets[from + word] }
      }
    }
  }

  private static func growSingleWordSets(
    _ graph: MolecularGraph, isDead: [Bool], from earlier: [UInt64], to sets: inout [UInt64]
  ) {
    let starts = graph.neighborStart.span
    let neighbors = graph.neighborAtoms.span
    let bonds = graph.neighborBonds.span
    let before = earlier.span
    let dead = isDead.span
    var after = sets.mutableSpan
    for atom in 0..<before.count {
      var set = before[atom]
      if !dead[atom] {
        for slot in Int(starts[atom])..<Int(starts[atom + 1]) {
          set |= 1 << UInt64(truncatingIfNeeded: bonds[slot]) | before[Int(neighbors[slot])]
        }
      }
      after[atom] = set
    }
  }

  /// Hashes each atom's set of several words to its key.
  private mutating func fillKeys(width: Int) {
    keys.removeAll(keepingCapacity: true)
    for atom in 0..<isDead.count {
      var key: UInt64 = 0
      for word in atom * width..<(atom + 1) * width {
        key = (key ^ sets[word]) &* 0xbf58_476d_1ce4_e5b9
        key ^= key >> 29
      }
      keys.append(key == 0 ? 1 : key)
    }
  }
}

extension HashCombine {
  /// Adds a bond code in the upper and an identifier in the lower half.
  fileprivate mutating func add(entry: UInt64) {
    add(UInt32(truncatingIfNeeded: entry >> 32), UInt32(truncatingIfNeeded: entry))
  }
}

extension Bond {
  /// The bond's type as RDKit numbers it: 1, 2, 3, 4, aromatic 12, dative 17.
  var fingerprintCode: UInt32 {
    if isAromatic { return 12 }
    return order == .dative ? 17 : UInt32(order.rawValue)
  }
}
