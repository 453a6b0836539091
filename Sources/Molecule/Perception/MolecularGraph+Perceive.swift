extension MolecularGraph {
  /// Ring membership, Kekulé structure, smallest rings, aromaticity and cis/trans marks, in order.
  mutating func perceive() throws(SMILESError) {
    markRingBonds()
    try kekulize()
    makeCoordinationBonds()
    leaveRingsAtDativeBonds()
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
    for bond in bonds.indices { bonds[bond].isInRing = false }
    for atom in atoms.indices { atoms[atom].isInRing = false }
    var order = [Int32](repeating: -1, count: atoms.count)
    var low = [Int32](repeating: 0, count: atoms.count)
    var next = neighborStart
    var path: [(atom: Int32, bond: Int32)] = []
    var time: Int32 = 0
    for root in atoms.indices where order[root] < 0 {
      order[root] = time
      low[root] = time
      time += 1
      path.append((Int32(root), -1))
      while let (atom, entry) = path.last {
        let index = Int(atom)
        if next[index] < neighborStart[index + 1] {
          let slot = Int(next[index])
          next[index] += 1
          let (neighbor, bond) = (Int(neighborAtoms[slot]), neighborBonds[slot])
          if bond == entry || (skippingDative && bonds[Int(bond)].order == .dative) { continue }
          if order[neighbor] < 0 {
            order[neighbor] = time
            low[neighbor] = time
            time += 1
            path.append((Int32(neighbor), bond))
          } else {
            low[index] = min(low[index], order[neighbor])
            bonds[Int(bond)].isInRing = true
          }
          continue
        }
        path.removeLast()
        guard let parent = path.last?.atom else { continue }
        low[Int(parent)] = min(low[Int(parent)], low[index])
        if low[index] <= order[Int(parent)] { bonds[Int(entry)].isInRing = true }
      }
    }
    for bond in bonds where bond.isInRing {
      atoms[Int(bond.begin)].isInRing = true
      atoms[Int(bond.end)].isInRing = true
    }
  }
}
