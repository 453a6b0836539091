extension MolecularGraph {
  /// Ring membership, Kekulé structure, smallest rings, aromaticity and cis/trans marks, in order.
  mutating func perceive() throws(SMILESError) {
    markRingBonds()
    leaveRingsAtDativeBonds()
    try kekulize()
    if makeCoordinationBonds() { leaveRingsAtDativeBonds() }
    rings = RingSet(of: self)
    markAromaticity()
    stereoBonds = findStereoBonds()
  }

  /// A dative bond lies on no ring, as RDKit counts them.
  private mutating func leaveRingsAtDativeBonds() {
    guard bonds.contains(where: { $0.order == .dative && $0.isInRing }) else { return }
    markRingBonds(skippingDative: true)
  }

  /// Marks every bond that is not a bridge, and its atoms; O(A + B).
  ///
  /// Tarjan's bridge rule with an explicit stack: a tree bond is a bridge exactly when nothing
  /// below it reaches above it.
  private mutating func markRingBonds(skippingDative: Bool = false) {
    guard bonds.count >= 3 else { return }
    if skippingDative {
      for bond in bonds.indices { bonds[bond].isInRing = false }
      for atom in atoms.indices { atoms[atom].isInRing = false }
    }
    let order = FixedArray<Int32>(repeating: -1, count: atoms.count)
    let low = FixedArray<Int32>(repeating: 0, count: atoms.count)
    let next = FixedArray<Int32>(neighborStart)
    // The atoms on the way from the root, and the bond that leads to each.
    let path = FixedArray<Int32>(repeating: 0, count: atoms.count)
    let entries = FixedArray<Int32>(repeating: -1, count: atoms.count)
    let isInRing = FixedArray<Bool>(repeating: false, count: bonds.count)
    var time: Int32 = 0
    for root in atoms.indices where order[root] < 0 {
      order[root] = time
      low[root] = time
      time += 1
      path[0] = Int32(truncatingIfNeeded: root)
      entries[0] = -1
      var depth = 0
      while depth >= 0 {
        let index = Int(path[depth])
        let entry = entries[depth]
        if next[index] < neighborStart[index + 1] {
          let slot = Int(next[index])
          next[index] += 1
          let (neighbor, bond) = (Int(neighborAtoms[slot]), neighborBonds[slot])
          if bond == entry || (skippingDative && bonds[Int(bond)].order == .dative) { continue }
          if order[neighbor] < 0 {
            order[neighbor] = time
            low[neighbor] = time
            time += 1
            depth += 1
            path[depth] = Int32(truncatingIfNeeded: neighbor)
            entries[depth] = bond
          } else {
            low[index] = min(low[index], order[neighbor])
            isInRing[Int(bond)] = true
          }
          continue
        }
        depth -= 1
        guard depth >= 0 else { break }
        let parent = Int(path[depth])
        low[parent] = min(low[parent], low[index])
        if low[index] <= order[parent] { isInRing[Int(entry)] = true }
      }
    }
    for bond in bonds.indices where isInRing[bond] {
      bonds[bond].isInRing = true
      atoms[Int(bonds[bond].begin)].isInRing = true
      atoms[Int(bonds[bond].end)].isInRing = true
    }
  }
}
