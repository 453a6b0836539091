/// Ranks atoms so that the ranks do not depend on how the atoms were numbered.
///
/// Individualisation and refinement (McKay and Piperno, "Practical graph isomorphism, II",
/// J. Symb. Comput. 60, 2014): cells are refined by bonds and by stereo descriptors; atoms still tied
/// are set apart one by one, and where the choice could matter all choices are compared, except
/// those that an automorphism found on the way shows to be equal. Choices cannot matter when the
/// tied atoms form a forest and every stereo mark is read: in a forest, refinement ties only what
/// an automorphism exchanges.
struct CanonicalRanking: ~Copyable {
  /// Atoms × leaves of the search that are looked at; beyond it the best so far counts, which for
  /// very large symmetric cages may depend on the numbering.
  static let workLimit = 4_000_000

  let neighbors: NeighborCodes
  let elements: [StereoElement]
  var partition: AtomPartition
  /// Descriptor of each stereo element, 0 while its neighbours tie.
  var descriptors: [UInt64]
  var unread: Int
  private var colors: [UInt64] = []

  /// Ranks with ties: atoms that refinement cannot tell apart share a cell.
  init(_ graph: MolecularGraph, options: SMILESOptions) {
    neighbors = NeighborCodes(graph)
    elements = options.contains(.stereo) ? graph.stereoElements() : []
    descriptors = [UInt64](repeating: 0, count: elements.count)
    unread = elements.count
    partition = AtomPartition(invariants: graph.rankInvariants(options))
    refine()
  }

  /// The complete ranking of a molecule as `options` tell atoms apart.
  static func complete(_ graph: MolecularGraph, options: SMILESOptions) -> CanonicalRanking {
    var ranking = CanonicalRanking(graph, options: options)
    if ranking.partition.isDiscrete { return ranking }
    if ranking.unread > 0 || !ranking.isForest() {
      var search = RankingSearch(atomCount: graph.atoms.count)
      search.run(&ranking)
    } else {
      ranking.breakTies()
    }
    return ranking
  }

  /// Refines by bonds, then by the marks that the cells can read, until nothing changes.
  mutating func refine() {
    partition.refine(neighbors)
    while unread > 0 {
      if colors.isEmpty { colors = [UInt64](repeating: 0, count: partition.order.count) }
      for atom in colors.indices {
        colors[atom] = UInt64(truncatingIfNeeded: partition.cell[atom]) + 1
      }
      let before = unread
      for index in elements.indices where descriptors[index] == 0 {
        let descriptor = elements[index].descriptor(colors)
        guard descriptor != 0 else { continue }
        descriptors[index] = descriptor
        unread -= 1
        partition.touch(Int(elements[index].first), descriptor)
        if elements[index].second >= 0 { partition.touch(Int(elements[index].second), descriptor) }
      }
      if unread == before { return }
      partition.splitTouched()
      partition.refine(neighbors)
    }
  }

  /// Whether no cycle runs through tied atoms alone; O(A).
  func isForest() -> Bool {
    let count = partition.order.count
    let tiedDegree = FixedArray<Int32>(repeating: 0, count: count)
    let leaves = FixedArray<Int32>(repeating: 0, count: count)
    var leafCount = 0
    var remaining = 0
    for atom in 0..<count where partition.cellSize(of: atom) > 1 {
      remaining += 1
      for slot in neighbors.range(atom)
      where partition.cellSize(of: Int(neighbors.atoms[slot])) > 1 { tiedDegree[atom] += 1 }
      if tiedDegree[atom] <= 1 {
        leaves[leafCount] = Int32(truncatingIfNeeded: atom)
        leafCount += 1
      }
    }
    while leafCount > 0 {
      leafCount -= 1
      let leaf = leaves[leafCount]
      remaining -= 1
      tiedDegree[Int(leaf)] = -1
      for slot in neighbors.range(Int(leaf)) {
        let neighbor = Int(neighbors.atoms[slot])
        guard tiedDegree[neighbor] > 0 else { continue }
        tiedDegree[neighbor] -= 1
        if tiedDegree[neighbor] == 1 {
          leaves[leafCount] = Int32(truncatingIfNeeded: neighbor)
          leafCount += 1
        }
      }
    }
    return remaining == 0
  }

  /// Sets tied atoms apart, any of a cell, until every atom stands alone.
  mutating func breakTies() {
    var start = 0
    while !partition.isDiscrete {
      while partition.size[start] == 1 { start += 1 }
      partition.individualize(partition.order[start])
      refine()
    }
  }
}

extension MolecularGraph {
  /// What tells atoms apart before their bonds do; fewer neighbours and lighter elements first.
  func rankInvariants(_ options: SMILESOptions) -> [UInt64] {
    let isotopes = options.contains(.isotopes)
    let classes = options.contains(.atomClasses)
    var keys = [UInt64](repeating: 0, count: atoms.count)
    for index in atoms.indices {
      let atom = atoms[index]
      var key = UInt64(min(degree(index), 255)) << 56
      key |= UInt64(atom.element.number) << 48
      key |= (atom.isAromatic ? 1 : 0) << 47
      key |= (atom.isInRing ? 1 : 0) << 46
      key |= UInt64(atom.hydrogens & 63) << 40
      key |= UInt64(UInt8(bitPattern: atom.charge)) << 32
      if isotopes { key |= UInt64(atom.isotope & 1023) << 22 }
      if classes { key |= UInt64(atom.atomClass & 0x3f_ffff) }
      keys[index] = key
    }
    return keys
  }
}
