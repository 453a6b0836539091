extension AtomPartition {
  /// Whether no cycle runs through tied atoms alone; O(A + B).
  ///
  /// Leaves are taken off until none is left. Works in the space of the splitter, which is idle
  /// meanwhile: `touchedCells` holds tied neighbours by atom, `touchedAtoms` the leaves.
  func isForest(_ neighbors: borrowing NeighborCodes) -> Bool {
    var leafCount = 0
    var remaining = 0
    var ends = 0
    var start = 0
    while start < order.count {
      let length = Int(size[start])
      if length > 1 {
        remaining += length
        for place in start..<start + length {
          let atom = Int(order[place])
          var degree: Int32 = 0
          for slot in neighbors.range(atom) where cellSize(of: neighbors.neighbor(slot)) > 1 {
            degree += 1
          }
          touchedCells[atom] = degree
          ends += Int(degree)
          if degree <= 1 {
            touchedAtoms[leafCount] = Int32(truncatingIfNeeded: atom)
            leafCount += 1
          }
        }
      }
      start += length
    }
    // A forest has fewer bonds than atoms.
    if ends == 0 { return true }
    if ends >= 2 * remaining { return false }
    while leafCount > 0 {
      leafCount -= 1
      let leaf = Int(touchedAtoms[leafCount])
      remaining -= 1
      touchedCells[leaf] = -1
      for slot in neighbors.range(leaf) {
        let neighbor = neighbors.neighbor(slot)
        guard cellSize(of: neighbor) > 1, touchedCells[neighbor] > 0 else { continue }
        touchedCells[neighbor] -= 1
        if touchedCells[neighbor] == 1 {
          touchedAtoms[leafCount] = Int32(truncatingIfNeeded: neighbor)
          leafCount += 1
        }
      }
    }
    return remaining == 0
  }
}
