/// An ordered partition of the atoms into cells, refined until atoms of one cell see the same
/// number of bonds of each type into every other cell.
///
/// The order of the cells never depends on how the atoms were numbered. Every split is kept on a
/// trail, so that a search can take it back for no more than it cost.
struct AtomPartition: ~Copyable {
  /// Atoms, cell by cell; [A].
  let order: FixedArray<Int32>
  /// Where an atom stands in `order`; [A].
  let position: FixedArray<Int32>
  /// First position of each atom's cell: its rank; [A].
  let cell: FixedArray<Int32>
  /// Number of atoms in the cell that starts at a position; [A].
  let size: FixedArray<Int32>
  var cellCount = 0

  /// Cells that wait to split others, `queued` of them, in a ring; a cell waits at most once.
  let queue: FixedArray<Int32>
  var queueHead = 0
  var queued = 0
  let isQueued: FixedArray<Bool>
  /// What the current splitter adds to an atom; 0 between uses.
  let weight: FixedArray<UInt64>
  let touchedAtoms: FixedArray<Int32>
  var touchedAtomCount = 0
  let touchedCells: FixedArray<Int32>
  var touchedCellCount = 0
  /// Touched atoms of the cell that starts at a position; 0 between uses.
  let touchedCount: FixedArray<Int32>

  /// First positions of the cells that were split off, in order, and of the cells they were part
  /// of; `splitCount` of each.
  let splits: FixedArray<Int32>
  let splitParents: FixedArray<Int32>
  var splitCount = 0
  /// Bonds looked at so far.
  var work = 0
  /// What a search compares refinements by.
  var trace = RefinementTrace()

  /// Bytes of a slab for `count` atoms.
  static func bytes(_ count: Int) -> Int { 53 * count + 128 }

  /// Orders atoms by `keys`, [A]; every cell waits to split others.
  init(keys: borrowing FixedArray<UInt64>, _ slab: inout Slab) {
    let count = keys.count
    order = slab.take(count)
    position = slab.take(count)
    cell = slab.take(count)
    size = slab.take(repeating: 0, count)
    queue = slab.take(count)
    isQueued = slab.take(repeating: false, count)
    weight = slab.take(count)
    touchedAtoms = slab.take(count)
    touchedCells = slab.take(count)
    touchedCount = slab.take(repeating: 0, count)
    splits = slab.take(count)
    splitParents = slab.take(count)
    var lowBits: UInt64 = 0
    for atom in 0..<count { lowBits |= keys[atom] }
    if lowBits & 0xffff_ffff == 0 {
      // Keys and atoms fit into one word.
      for atom in 0..<count { weight[atom] = keys[atom] | UInt64(truncatingIfNeeded: atom) }
      weight.sortFirst(count)
      for place in 0..<count { order[place] = Int32(truncatingIfNeeded: weight[place]) }
    } else {
      for atom in 0..<count { order[atom] = Int32(truncatingIfNeeded: atom) }
      order.sortInPlace(0..<count) { keys[Int($0)] }
    }
    var start = 0
    while start < count {
      var end = start + 1
      let value = keys[Int(order[start])]
      while end < count, keys[Int(order[end])] == value { end += 1 }
      open(start, end)
      enqueue(start)
      start = end
    }
    weight.fill(0)
    splitCount = 0
  }

  @inline(__always)
  var isDiscrete: Bool { cellCount == order.count }

  /// Number of atoms in the cell of `atom`.
  @inline(__always)
  func cellSize(of atom: Int) -> Int32 { size[Int(cell[atom])] }

  /// Makes a cell of the atoms from `start` to before `end`.
  @inline(__always)
  mutating func open(_ start: Int, _ end: Int) {
    let first = Int32(truncatingIfNeeded: start)
    var place = start
    while place < end {
      let atom = Int(order[place])
      position[atom] = Int32(truncatingIfNeeded: place)
      cell[atom] = first
      place += 1
    }
    size[start] = Int32(truncatingIfNeeded: end - start)
    cellCount += 1
  }

  @inline(__always)
  mutating func enqueue(_ start: Int) {
    guard !isQueued[start] else { return }
    isQueued[start] = true
    var end = queueHead + queued
    if end >= queue.count { end -= queue.count }
    queue[end] = Int32(truncatingIfNeeded: start)
    queued += 1
  }

  /// Sets an atom apart as the last of its cell; O(1).
  ///
  /// Refine afterwards.
  mutating func individualize(_ atom: Int32) {
    let start = Int(cell[Int(atom)])
    let last = start + Int(size[start]) - 1
    precondition(last > start, "atom \(atom) stands alone already")
    swap(Int(position[Int(atom)]), last)
    size[start] -= 1
    open(last, last + 1)
    noteSplit(last, of: start)
    enqueue(last)
  }

  @inline(__always)
  mutating func noteSplit(_ start: Int, of parent: Int) {
    splits[splitCount] = Int32(truncatingIfNeeded: start)
    splitParents[splitCount] = Int32(truncatingIfNeeded: parent)
    splitCount += 1
  }

  /// Takes back the last splits until `count` are left; nothing waits afterwards.
  mutating func undoSplits(to count: Int) {
    while splitCount > count {
      splitCount -= 1
      let (start, parent) = (Int(splits[splitCount]), splitParents[splitCount])
      for place in start..<start + Int(size[start]) { cell[Int(order[place])] = parent }
      size[Int(parent)] += size[start]
      size[start] = 0
      cellCount -= 1
    }
    forgetQueue()
  }

  mutating func forgetQueue() {
    while queued > 0 {
      isQueued[Int(queue[queueHead])] = false
      queueHead = queueHead + 1 == queue.count ? 0 : queueHead + 1
      queued -= 1
    }
  }

  @inline(__always)
  mutating func swap(_ left: Int, _ right: Int) {
    let (leftAtom, rightAtom) = (order[left], order[right])
    order[left] = rightAtom
    order[right] = leftAtom
    position[Int(rightAtom)] = Int32(truncatingIfNeeded: left)
    position[Int(leftAtom)] = Int32(truncatingIfNeeded: right)
  }
}
