/// The bonds of each atom as neighbour and type, in compressed rows.
struct NeighborCodes: ~Copyable {
  /// First slot of each atom; [A + 1].
  private let start: FixedArray<Int32>
  /// Neighbour and, in the low three bits, the type of the bond to it; [2 B].
  private let slots: FixedArray<Int32>

  init(_ graph: MolecularGraph, _ slab: inout Slab) {
    start = slab.take(graph.atoms.count + 1)
    slots = slab.take(graph.neighborAtoms.count)
    precondition(graph.atoms.count < 1 << 28, "\(graph.atoms.count) atoms")
    var next = 0
    for atom in 0..<graph.atoms.count {
      start[atom] = Int32(truncatingIfNeeded: next)
      for slot in next..<Int(graph.neighborStart[atom + 1]) {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        let code = Int32(truncatingIfNeeded: bond.typeCode(at: Int32(truncatingIfNeeded: atom)))
        slots[slot] = graph.neighborAtoms[slot] << 3 | code
      }
      next = Int(graph.neighborStart[atom + 1])
    }
    start[graph.atoms.count] = Int32(truncatingIfNeeded: next)
  }

  /// The rows of some atoms, which are called by their places in `atoms`; `index` says the place of
  /// an atom, and their neighbours are among them.
  init(
    _ all: borrowing NeighborCodes, atoms: borrowing ArraySlice<Int32>,
    index: borrowing FixedArray<Int32>
  ) {
    start = FixedArray(unwritten: atoms.count + 1)
    slots = FixedArray(unwritten: atoms.reduce(0) { $0 + all.range(Int($1)).count })
    var next = 0
    for (place, atom) in atoms.enumerated() {
      start[place] = Int32(truncatingIfNeeded: next)
      for slot in all.range(Int(atom)) {
        slots[next] = index[all.neighbor(slot)] << 3 | Int32(all.code(slot))
        next += 1
      }
    }
    start[atoms.count] = Int32(truncatingIfNeeded: next)
  }

  var slotCount: Int { slots.count }

  @inline(__always)
  borrowing func range(_ atom: Int) -> Range<Int> {
    let low = Int(start[atom])
    return low..<max(low, Int(start[atom + 1]))
  }

  /// The atom at the other end of a slot.
  @inline(__always)
  borrowing func neighbor(_ slot: Int) -> Int { Int(slots[slot] >> 3) }

  /// The type of the bond of a slot, 1...7.
  @inline(__always)
  borrowing func code(_ slot: Int) -> Int { Int(slots[slot] & 7) }

  /// A weight for the type of a bond, whose sums tell sets of up to 255 bonds apart.
  @inline(__always)
  static func weight(_ code: Int) -> UInt64 { 1 << UInt64(truncatingIfNeeded: 8 &* code) }
}
