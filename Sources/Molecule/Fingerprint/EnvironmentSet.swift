/// Sets of bonds seen so far, each with the layer that saw it first and the atom that owns it.
///
/// Open addressing over fixed-width words; storage is kept from molecule to molecule.
struct EnvironmentSet {
  private var slots: [Int32] = []
  private var mask = 0
  private var width = 1
  private var words: [UInt64] = []
  private(set) var layers: [Int32] = []
  private(set) var atoms: [Int32] = []
  private(set) var identifiers: [UInt32] = []

  /// Empties the set for up to `capacity` members of `width` words.
  mutating func reset(capacity: Int, width: Int) {
    self.width = width
    var size = 64
    while size < 2 * capacity { size *= 2 }
    if slots.count < size { slots = [Int32](repeating: -1, count: size) }
    mask = size - 1
    var table = slots.mutableSpan
    for slot in 0..<size { table[slot] = -1 }
    words.removeAll(keepingCapacity: true)
    layers.removeAll(keepingCapacity: true)
    atoms.removeAll(keepingCapacity: true)
    identifiers.removeAll(keepingCapacity: true)
  }

  /// The member equal to `width` words of `source` from `start`, or the place where it belongs.
  private func find(_ source: [UInt64], at start: Int) -> (member: Int, slot: Int) {
    var hash: UInt64 = 0
    for word in start..<start + width {
      hash = (hash ^ source[word]) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 32
    }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let member = Int(slots[slot])
      if isEqual(member, source, start) { return (member, slot) }
      slot = (slot + 1) & mask
    }
    return (-1, slot)
  }

  private func isEqual(_ member: Int, _ source: [UInt64], _ start: Int) -> Bool {
    for word in 0..<width where words[member * width + word] != source[start + word] {
      return false
    }
    return true
  }

  /// Offers the environment of an atom; returns the atom that has nothing new to say, or -1.
  ///
  /// Of environments over the same bonds the one of the earlier layer stays, within a layer the
  /// one of the least identifier.
  mutating func offer(
    _ source: [UInt64], at start: Int, identifier: UInt32, atom: Int32, layer: Int32
  ) -> Int32 {
    let (member, slot) = find(source, at: start)
    if member < 0 {
      slots[slot] = Int32(layers.count)
      for word in start..<start + width { words.append(source[word]) }
      layers.append(layer)
      atoms.append(atom)
      identifiers.append(identifier)
      return -1
    }
    guard layers[member] == layer, identifier < identifiers[member] else { return atom }
    let loser = atoms[member]
    atoms[member] = atom
    identifiers[member] = identifier
    return loser
  }
}
