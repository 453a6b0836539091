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
    fillBondCodes(graph)
    let isExact = graph.bonds.count <= Self.bondSetLimit
    let width = isExact ? (graph.bonds.count + 63) / 64 : 1
    isDead.removeAll(keepingCapacity: true)
    for atom in 0..<atomCount { isDead.append(graph.degree(atom) == 0) }
    sets.removeAll(keepingCapacity: true)
    sets.append(contentsOf: repeatElement(0, count: atomCount * width))
    environments.reset(capacity: atomCount * radius, width: width)
    var sums = isExact ? nil : BondSums(graph: graph)
    var stereo: [StereoElement] = usesChirality ? graph.stereoElements() : []
    for layer in 0..<radius {
      update(graph, layer: UInt32(layer))
      if usesChirality { addStereo(&stereo, graph) }
      if isExact {
        if width == 1 { growSingleWordSets(graph) } else { growSets(graph, width: width) }
      } else {
        sums?.fill(&sets, radius: layer + 1, graph: graph)
      }
      keepNewEnvironments(layer: Int32(layer), width: width)
      swap(&current, &next)
    }
    for identifier in environments.identifiers { occurrences.append(UInt64(identifier)) }
  }

  private mutating func fillBondCodes(_ graph: MolecularGraph) {
    bondCodes.removeAll(keepingCapacity: true)
    for bond in graph.bonds {
      bondCodes.append(usesBondTypes ? bond.fingerprintCode : 1)
    }
  }

  /// Each living atom's identifier of the next layer, from its own and its neighbours'.
  private mutating func update(_ graph: MolecularGraph, layer: UInt32) {
    next.removeAll(keepingCapacity: true)
    let starts = graph.neighborStart.span
    let neighbors = graph.neighborAtoms.span
    let bonds = graph.neighborBonds.span
    for atom in 0..<current.count {
      if isDead[atom] {
        next.append(0)
        continue
      }
      neighborhood.removeAll(keepingCapacity: true)
      for slot in Int(starts[atom])..<Int(starts[atom + 1]) {
        let code = UInt64(bondCodes[Int(bonds[slot])])
        neighborhood.append(code << 32 | UInt64(current[Int(neighbors[slot])]))
      }
      if neighborhood.count > 12 { neighborhood.sort() } else { neighborhood.sortFew() }
      var hash = HashCombine(layer)
      hash.add(current[atom])
      for entry in neighborhood {
        hash.add(UInt32(truncatingIfNeeded: entry >> 32), UInt32(truncatingIfNeeded: entry))
      }
      next.append(hash.value)
    }
  }

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

  private mutating func growSingleWordSets(_ graph: MolecularGraph) {
    swap(&earlierSets, &sets)
    sets.removeAll(keepingCapacity: true)
    let starts = graph.neighborStart.span
    let neighbors = graph.neighborAtoms.span
    let bonds = graph.neighborBonds.span
    for atom in 0..<earlierSets.count {
      var set = earlierSets[atom]
      if !isDead[atom] {
        for slot in Int(starts[atom])..<Int(starts[atom + 1]) {
          set |= 1 << UInt64(truncatingIfNeeded: bonds[slot]) | earlierSets[Int(neighbors[slot])]
        }
      }
      sets.append(set)
    }
  }

  private mutating func keepNewEnvironments(layer: Int32, width: Int) {
    for atom in 0..<isDead.count where !isDead[atom] {
      let loser = environments.offer(
        sets, at: atom * width, identifier: next[atom], atom: Int32(atom), layer: layer)
      if loser >= 0 { isDead[Int(loser)] = true }
    }
  }
}

extension Array where Element == UInt64 {
  /// Sorts a handful of values.
  mutating func sortFew() {
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

extension Bond {
  /// The bond's type as RDKit numbers it: 1, 2, 3, 4, aromatic 12, dative 17.
  var fingerprintCode: UInt32 {
    if isAromatic { return 12 }
    return order == .dative ? 17 : UInt32(order.rawValue)
  }
}
