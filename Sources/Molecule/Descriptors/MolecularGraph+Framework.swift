extension MolecularGraph {
  /// Atoms × rings spent on shortest paths through dative bonds.
  private static let frameworkWorkLimit = 50_000_000

  /// Atoms of rings and of the chains between rings; O(A + B) without dative bonds.
  ///
  /// Dative bonds can close cycles that are no rings. There a chain is a shortest path from ring
  /// to ring, O(rings × (A + B)); past the work limit all of such a cycle is kept.
  func frameworkAtoms() -> [Bool] {
    guard atoms.contains(where: \.isInRing) else {
      return [Bool](repeating: false, count: atoms.count)
    }
    guard bonds.contains(where: { $0.order == .dative }),
      rings.count * atoms.count <= Self.frameworkWorkLimit
    else { return atomsBehindNoEnd() }
    return atomsOfShortestChains()
  }

  /// What stays when ends are cut off again and again.
  private func atomsBehindNoEnd() -> [Bool] {
    var isKept = [Bool](repeating: true, count: atoms.count)
    var remaining = atoms.indices.map { degree($0) }
    var ends = atoms.indices.filter { remaining[$0] <= 1 }
    while let end = ends.popLast() {
      isKept[end] = false
      for slot in neighborRange(end) {
        let neighbor = Int(neighborAtoms[slot])
        remaining[neighbor] -= 1
        if isKept[neighbor], remaining[neighbor] == 1 { ends.append(neighbor) }
      }
    }
    return isKept
  }

  /// Ring atoms and one shortest path between the first atoms of each two rings.
  private func atomsOfShortestChains() -> [Bool] {
    var isKept = atoms.map(\.isInRing)
    var previous = [Int32](repeating: -1, count: atoms.count)
    var queue: [Int32] = []
    for ring in 0..<rings.count {
      guard let start = rings.atoms(ring).first else { continue }
      for atom in queue { previous[Int(atom)] = -1 }
      queue = [start]
      previous[Int(start)] = start
      var head = 0
      while head < queue.count {
        let atom = queue[head]
        head += 1
        for slot in neighborRange(Int(atom)) where previous[Int(neighborAtoms[slot])] < 0 {
          previous[Int(neighborAtoms[slot])] = atom
          queue.append(neighborAtoms[slot])
        }
      }
      for other in 0..<ring {
        guard var atom = rings.atoms(other).first, previous[Int(atom)] >= 0 else { continue }
        while atom != start {
          isKept[Int(atom)] = true
          atom = previous[Int(atom)]
        }
      }
    }
    return isKept
  }
}
