/// Sets of bonds seen so far, each by a 64-bit key, with the environment that stands for it.
///
/// Open addressing; storage is kept from molecule to molecule. A key of up to 64 bonds is the set
/// itself, of more a hash of it, which two sets share with a chance of 2⁻⁶⁴.
struct EnvironmentSet {
  /// Keys in their places, 0 for none.
  private var keys: [UInt64] = []
  /// Place of each key's environment in the list of occurrences.
  private var members: [Int32] = []
  /// The atom of each environment, from the first occurrence that is one.
  private var owners: [Int32] = []
  private var firstMember = 0
  private var mask = 0

  /// Empties the set for up to `capacity` keys; environments follow `firstMember` occurrences.
  mutating func reset(capacity: Int, firstMember: Int) {
    var size = 64
    while size < 2 * capacity { size *= 2 }
    if keys.count < size {
      keys = [UInt64](repeating: 0, count: size)
      members = [Int32](repeating: 0, count: size)
    }
    mask = size - 1
    var table = keys.mutableSpan
    for slot in 0..<size { table[slot] = 0 }
    owners.removeAll(keepingCapacity: true)
    self.firstMember = firstMember
  }

  /// Adds one layer: the identifiers of all living atoms whose bonds are new.
  ///
  /// Of environments over the same bonds that of the earlier layer stays, within a layer the one
  /// of the least identifier; the atoms of the others are dead from here on.
  mutating func keep(
    _ atomKeys: [UInt64], _ identifiers: [UInt32], isDead: inout [Bool],
    occurrences: inout [UInt64]
  ) {
    Self.keep(
      atomKeys, identifiers, slots: (mask, firstMember), keys: &keys, members: &members,
      owners: &owners, isDead: &isDead, occurrences: &occurrences)
  }

  private static func keep(
    _ atomKeys: [UInt64], _ identifiers: [UInt32], slots: (mask: Int, firstMember: Int),
    keys: inout [UInt64], members: inout [Int32], owners: inout [Int32], isDead: inout [Bool],
    occurrences: inout [UInt64]
  ) {
    let layerStart = occurrences.count
    let sources = atomKeys.span
    var table = keys.mutableSpan
    var places = members.mutableSpan
    var dead = isDead.mutableSpan
    for atom in sources.indices where !dead[atom] {
      let key = sources[atom]
      var slot = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32) & slots.mask
      while table[slot] != 0, table[slot] != key { slot = (slot + 1) & slots.mask }
      if table[slot] == 0 {
        table[slot] = key
        places[slot] = Int32(truncatingIfNeeded: occurrences.count)
        occurrences.append(UInt64(identifiers[atom]))
        owners.append(Int32(truncatingIfNeeded: atom))
        continue
      }
      let member = Int(places[slot])
      guard member >= layerStart, UInt64(identifiers[atom]) < occurrences[member] else {
        dead[atom] = true
        continue
      }
      dead[Int(owners[member - slots.firstMember])] = true
      owners[member - slots.firstMember] = Int32(truncatingIfNeeded: atom)
      occurrences[member] = UInt64(identifiers[atom])
    }
  }
}
