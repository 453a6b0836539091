extension CanonicalRanking {
  /// Ranks the fragments of a molecule one by one, then orders them; false for a single fragment.
  ///
  /// Fragments that share one cell share all: refinement of the whole molecule tells how classes of
  /// alike fragments follow each other, and their own certificates how the members do. The ranks
  /// of a fragment are neighbours afterwards.
  mutating func rankFragments() -> Bool {
    let count = partition.order.count
    let fragmentOf = FixedArray<Int32>(repeating: -1, count: count)
    let atoms = listFragments(fragmentOf)
    let starts = atoms.starts
    guard starts.count > 2 else { return false }
    var elementsOf = [[StereoElement]](
      repeating: [], count: elements.isEmpty ? 0 : starts.count - 1)
    for element in elements { elementsOf[Int(fragmentOf[Int(element.first)])].append(element) }
    var fragments = (0..<starts.count - 1).map { fragment in
      rank(
        atoms.atoms[starts[fragment]..<starts[fragment + 1]], index: fragmentOf,
        elements: elementsOf.isEmpty ? [] : elementsOf[fragment])
    }
    fragments.sort { $0.precedes($1) }
    let order = fragments.flatMap(\.order)
    partition.setOrder(order)
    return true
  }

  /// The atoms of each fragment, by cell, and where each begins, with the end after the last.
  private func listFragments(
    _ fragmentOf: borrowing FixedArray<Int32>
  ) -> (atoms: [Int32], starts: [Int]) {
    var sizes: [Int] = []
    var pending: [Int32] = []
    for root in 0..<partition.order.count where fragmentOf[root] < 0 {
      let fragment = Int32(sizes.count)
      sizes.append(0)
      fragmentOf[root] = fragment
      pending.append(Int32(root))
      while let atom = pending.popLast() {
        sizes[sizes.count - 1] += 1
        for slot in neighbors.range(Int(atom)) {
          let neighbor = neighbors.neighbor(slot)
          guard fragmentOf[neighbor] < 0 else { continue }
          fragmentOf[neighbor] = fragment
          pending.append(Int32(neighbor))
        }
      }
    }
    var starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    var next = starts
    var atoms = [Int32](repeating: 0, count: partition.order.count)
    for place in 0..<partition.order.count {
      let fragment = Int(fragmentOf[Int(partition.order[place])])
      atoms[next[fragment]] = partition.order[place]
      next[fragment] += 1
    }
    return (atoms, starts)
  }

  /// A fragment in canonical order.
  private struct RankedFragment {
    let cell: Int32
    let order: [Int32]
    let certificate: [UInt64]

    func precedes(_ other: RankedFragment) -> Bool {
      if cell != other.cell { return cell < other.cell }
      if order.count != other.order.count { return order.count < other.order.count }
      return certificate.lexicographicallyPrecedes(other.certificate)
    }
  }

  /// Ranks one fragment; `index` is written over for its atoms.
  private func rank(
    _ atoms: ArraySlice<Int32>, index: borrowing FixedArray<Int32>, elements: [StereoElement]
  ) -> RankedFragment {
    let isShared = atoms.contains { partition.cellSize(of: Int($0)) > 1 }
    let cell = partition.cell[Int(atoms[atoms.startIndex])]
    guard isShared else { return RankedFragment(cell: cell, order: Array(atoms), certificate: []) }
    for (place, atom) in atoms.enumerated() { index[Int(atom)] = Int32(place) }
    let codes = NeighborCodes(neighbors, atoms: atoms, index: index)
    var slab = Slab(bytes: AtomPartition.bytes(atoms.count) + 12 * elements.count + 64)
    let keys = FixedArray<UInt64>(repeating: 0, count: atoms.count)
    for (place, atom) in atoms.enumerated() {
      keys[place] = UInt64(partition.cell[Int(atom)]) << 32
    }
    var ranking = CanonicalRanking(
      neighbors: codes, elements: elements.map { $0.renumbered { index[Int($0)] } }, keys: keys,
      &slab)
    ranking.settleConnected()
    let order = (0..<atoms.count).map {
      atoms[atoms.startIndex + Int(ranking.partition.order[$0])]
    }
    let fragment = RankedFragment(
      cell: cell, order: order, certificate: ranking.certificate())
    slab.release()
    return fragment
  }
}

extension AtomPartition {
  /// Lets every atom stand alone, in a given order.
  mutating func setOrder(_ atoms: [Int32]) {
    precondition(atoms.count == order.count, "\(atoms.count) atoms of \(order.count)")
    for place in 0..<order.count {
      let atom = atoms[place]
      order[place] = atom
      position[Int(atom)] = Int32(truncatingIfNeeded: place)
      cell[Int(atom)] = Int32(truncatingIfNeeded: place)
      size[place] = 1
    }
    cellCount = order.count
  }
}
