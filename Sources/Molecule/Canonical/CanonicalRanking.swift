/// Ranks atoms so that the ranks do not depend on how the atoms were numbered.
///
/// Individualisation and refinement (McKay and Piperno, "Practical graph isomorphism, II",
/// J. Symb. Comput. 60, 2014): cells are refined by bonds and by stereo descriptors; atoms still tied
/// are set apart one by one, and where the choice could matter all choices are compared, except
/// those that an automorphism found on the way shows to be equal (``RankingSearch``). Choices cannot
/// matter when the tied atoms form a forest and every stereo mark is read: in a forest, refinement
/// ties only what an automorphism exchanges. Fragments are ranked one by one.
struct CanonicalRanking: ~Copyable {
  let neighbors: NeighborCodes
  let elements: [StereoElement]
  var partition: AtomPartition
  /// Descriptor of each stereo element, 0 while its neighbours tie.
  let descriptors: FixedArray<UInt64>
  /// Elements that were read, in order; `readCount` of them.
  private let reads: FixedArray<Int32>
  private(set) var readCount = 0

  var unread: Int { elements.count - readCount }

  /// Bytes of a slab for a ranking of a molecule.
  static func bytes(_ graph: MolecularGraph) -> Int {
    AtomPartition.bytes(graph.atoms.count) + 12 * graph.atoms.count
      + 4 * graph.neighborAtoms.count + 64
  }

  /// Ranks with ties: atoms that refinement cannot tell apart share a cell.
  init(_ graph: MolecularGraph, options: SMILESOptions, _ slab: inout Slab) {
    neighbors = NeighborCodes(graph, &slab)
    elements = options.contains(.stereo) ? graph.stereoElements() : []
    descriptors = slab.take(repeating: 0, elements.count)
    reads = slab.take(elements.count)
    let keys = graph.rankInvariants(options, &slab)
    partition = AtomPartition(keys: keys, &slab)
    refine()
  }

  /// A ranking that is refined already but for what `keys` say of each atom.
  init(
    neighbors: consuming NeighborCodes, elements: [StereoElement],
    keys: borrowing FixedArray<UInt64>, _ slab: inout Slab
  ) {
    self.neighbors = neighbors
    self.elements = elements
    descriptors = slab.take(repeating: 0, elements.count)
    reads = slab.take(elements.count)
    partition = AtomPartition(keys: keys, &slab)
    partition.forgetQueue()
    refine()
  }

  /// The complete ranking of a molecule as `options` tell atoms apart.
  static func complete(
    _ graph: MolecularGraph, options: SMILESOptions, _ slab: inout Slab
  ) -> CanonicalRanking {
    var ranking = CanonicalRanking(graph, options: options, &slab)
    if !ranking.partition.isDiscrete { ranking.settleTies() }
    return ranking
  }

  /// Ranks the atoms that tie.
  private mutating func settleTies() {
    if isSettled() {
      breakTies()
    } else if !rankFragments() {
      settleConnected()
    }
  }

  /// Ranks the atoms that tie, all of one fragment.
  mutating func settleConnected() {
    if isSettled() {
      breakTies()
    } else {
      var search = RankingSearch(atomCount: partition.order.count)
      search.run(&self)
    }
  }

  /// Whether it no longer matters which of the tied atoms comes first.
  mutating func isSettled() -> Bool {
    partition.isDiscrete || (unread == 0 && partition.isForest(neighbors))
  }

  /// Refines by bonds, then by the marks that the cells can read, until nothing changes.
  ///
  /// Stops early, with false, where the trace shows that the outcome will not count.
  @discardableResult
  mutating func refine() -> Bool {
    guard partition.refine(neighbors) else { return false }
    while unread > 0 {
      let before = readCount
      for index in 0..<elements.count where descriptors[index] == 0 {
        let descriptor = elements[index].descriptor(by: { atom in
          UInt64(truncatingIfNeeded: partition.cell[Int(atom)]) &+ 1
        })
        guard descriptor != 0 else { continue }
        descriptors[index] = descriptor
        reads[readCount] = Int32(truncatingIfNeeded: index)
        readCount += 1
        partition.touch(Int(elements[index].first), descriptor)
        if elements[index].second >= 0 { partition.touch(Int(elements[index].second), descriptor) }
      }
      if readCount == before { return true }
      partition.splitTouched()
      guard partition.refine(neighbors) else { return false }
    }
    return true
  }

  /// Takes back splits and readings until so many are left.
  mutating func undo(splits: Int, reads count: Int) {
    partition.undoSplits(to: splits)
    while readCount > count {
      readCount -= 1
      descriptors[Int(reads[readCount])] = 0
    }
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

  /// The molecule as its ranks tell it: bonds row by row, then stereo descriptors.
  func certificate() -> [UInt64] {
    var text: [UInt64] = []
    text.reserveCapacity(neighbors.slotCount / 2 + partition.order.count + 2 * elements.count)
    for rank in 0..<partition.order.count {
      let begin = text.count
      for slot in neighbors.range(Int(partition.order[rank])) {
        let other = partition.position[neighbors.neighbor(slot)]
        guard other < rank else { continue }
        text.append(UInt64(other) << 8 | UInt64(neighbors.code(slot)))
      }
      if text.count > begin + 1 { text[begin...].sort() }
      text.append(UInt64.max - UInt64(rank))
    }
    var marks = elements.indices.map { index in
      let first = partition.position[Int(elements[index].first)]
      let second = elements[index].second
      return (second < 0 ? first : min(first, partition.position[Int(second)]), descriptors[index])
    }
    marks.sort { $0 < $1 }
    for (rank, descriptor) in marks {
      text.append(UInt64(rank))
      text.append(descriptor)
    }
    return text
  }
}

extension MolecularGraph {
  /// What tells atoms apart before their bonds do; fewer neighbours and lighter elements first.
  func rankInvariants(_ options: SMILESOptions, _ slab: inout Slab) -> FixedArray<UInt64> {
    let isotopes = options.contains(.isotopes)
    let classes = options.contains(.atomClasses)
    let keys: FixedArray<UInt64> = slab.take(atoms.count)
    for index in 0..<atoms.count {
      let atom = atoms[index]
      var key = UInt64(truncatingIfNeeded: min(degree(index), 255)) << 56
      key |= UInt64(atom.element.number) << 48
      key |= (atom.isAromatic ? 1 : 0) << 47
      key |= (atom.isInRing ? 1 : 0) << 46
      key |= UInt64(truncatingIfNeeded: atom.hydrogens & 63) << 40
      key |= UInt64(UInt8(bitPattern: atom.charge)) << 32
      if isotopes { key |= UInt64(atom.isotope & 1023) << 22 }
      if classes { key |= UInt64(atom.atomClass & 0x3f_ffff) }
      keys[index] = key
    }
    return keys
  }
}
