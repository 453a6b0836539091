/// An ordered partition of the atoms into cells, refined until atoms of one cell see the same
/// number of bonds of each type into every other cell.
///
/// The order of the cells never depends on how the atoms were numbered. Splitting follows Hopcroft:
/// of the parts of a cell the largest need not split others again, which makes refinement
/// O(B log A) (Cardon and Crochemore, "Partitioning a graph in O(|A| log |V|)", 1982).
struct AtomPartition: ~Copyable {
  /// Atoms, cell by cell; [A].
  let order: FixedArray<Int32>
  /// Where an atom stands in `order`; [A].
  let position: FixedArray<Int32>
  /// First position of each atom's cell: its rank; [A].
  let cell: FixedArray<Int32>
  /// Number of atoms in the cell that starts at a position; [A].
  let size: FixedArray<Int32>
  private(set) var cellCount = 0

  /// Cells that wait to split others, `queued` of them, in a ring; a cell waits at most once.
  private let queue: FixedArray<Int32>
  private var queueHead = 0
  private var queued = 0
  private let isQueued: FixedArray<Bool>
  /// What the current splitter adds to an atom; 0 between uses.
  private let weight: FixedArray<UInt64>
  private let touchedAtoms: FixedArray<Int32>
  private var touchedAtomCount = 0
  private let touchedCells: FixedArray<Int32>
  private var touchedCellCount = 0
  /// Touched atoms of the cell that starts at a position; 0 between uses.
  private let touchedCount: FixedArray<Int32>

  /// Orders atoms by `invariants`, [A]; every cell waits to split others.
  init(invariants: [UInt64]) {
    let count = invariants.count
    order = FixedArray(repeating: 0, count: count)
    position = FixedArray(repeating: 0, count: count)
    cell = FixedArray(repeating: 0, count: count)
    size = FixedArray(repeating: 0, count: count)
    queue = FixedArray(repeating: 0, count: count)
    isQueued = FixedArray(repeating: false, count: count)
    weight = FixedArray(repeating: 0, count: count)
    touchedAtoms = FixedArray(repeating: 0, count: count)
    touchedCells = FixedArray(repeating: 0, count: count)
    touchedCount = FixedArray(repeating: 0, count: count)
    for atom in 0..<count {
      order[atom] = Int32(truncatingIfNeeded: atom)
      weight[atom] = invariants[atom]
    }
    sort(0..<count)
    var start = 0
    while start < count {
      var end = start + 1
      let value = weight[Int(order[start])]
      while end < count, weight[Int(order[end])] == value { end += 1 }
      open(start..<end)
      enqueue(start)
      start = end
    }
    for atom in 0..<count { weight[atom] = 0 }
  }

  var isDiscrete: Bool { cellCount == order.count }

  /// Number of atoms in the cell of `atom`.
  @inline(__always)
  func cellSize(of atom: Int) -> Int32 { size[Int(cell[atom])] }

  /// The atoms of the cell that starts at `start`.
  func members(_ start: Int) -> [Int32] {
    (start..<start + Int(size[start])).map { order[$0] }
  }

  private mutating func open(_ range: Range<Int>) {
    for place in range {
      let atom = Int(order[place])
      position[atom] = Int32(truncatingIfNeeded: place)
      cell[atom] = Int32(truncatingIfNeeded: range.lowerBound)
    }
    size[range.lowerBound] = Int32(truncatingIfNeeded: range.count)
    cellCount += 1
  }

  private mutating func enqueue(_ start: Int) {
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
    open(last..<last + 1)
    enqueue(last)
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    order.swapAt(left, right)
    position[Int(order[left])] = Int32(truncatingIfNeeded: left)
    position[Int(order[right])] = Int32(truncatingIfNeeded: right)
  }

  /// Adds `value` to what distinguishes `atom`; call ``splitTouched()`` after the last one.
  @inline(__always)
  mutating func touch(_ atom: Int, _ value: UInt64) {
    if weight[atom] == 0 {
      touchedAtoms[touchedAtomCount] = Int32(truncatingIfNeeded: atom)
      touchedAtomCount += 1
    }
    weight[atom] &+= value
  }

  /// Splits cells by their bonds into queued cells until nothing changes.
  mutating func refine(_ neighbors: borrowing NeighborCodes) {
    while queued > 0 {
      let start = Int(queue[queueHead])
      queueHead = queueHead + 1 == queue.count ? 0 : queueHead + 1
      queued -= 1
      isQueued[start] = false
      if isDiscrete { continue }
      for place in start..<start + Int(size[start]) {
        let atom = Int(order[place])
        for slot in Int(neighbors.start[atom])..<Int(neighbors.start[atom + 1]) {
          let neighbor = Int(neighbors.atoms[slot])
          if size[Int(cell[neighbor])] > 1 { touch(neighbor, neighbors.weights[slot]) }
        }
      }
      if touchedAtomCount > 0 { splitTouched() }
    }
  }

  /// Splits each cell with touched atoms by their weights, untouched atoms first.
  mutating func splitTouched() {
    for index in 0..<touchedAtomCount {
      let atom = Int(touchedAtoms[index])
      let start = Int(cell[atom])
      if touchedCount[start] == 0 {
        touchedCells[touchedCellCount] = cell[atom]
        touchedCellCount += 1
      }
      touchedCount[start] += 1
      // Touched atoms gather at the end of their cell.
      swap(Int(position[atom]), start + Int(size[start] - touchedCount[start]))
    }
    sortTouchedCells()
    for index in 0..<touchedCellCount { split(Int(touchedCells[index])) }
    for index in 0..<touchedAtomCount { weight[Int(touchedAtoms[index])] = 0 }
    touchedAtomCount = 0
    touchedCellCount = 0
  }

  private func sortTouchedCells() {
    if touchedCellCount > 48 {
      var cells = (0..<touchedCellCount).map { touchedCells[$0] }
      cells.sort()
      for index in cells.indices { touchedCells[index] = cells[index] }
      return
    }
    var next = 1
    while next < touchedCellCount {
      let start = touchedCells[next]
      var place = next
      while place > 0, touchedCells[place - 1] > start {
        touchedCells[place] = touchedCells[place - 1]
        place -= 1
      }
      touchedCells[place] = start
      next += 1
    }
  }

  private mutating func split(_ start: Int) {
    let end = start + Int(size[start])
    let tail = end - Int(touchedCount[start])
    touchedCount[start] = 0
    if size[start] == 1 { return }
    sort(tail..<end)
    if tail == start, weight[Int(order[start])] == weight[Int(order[end - 1])] {
      for place in start..<end {
        position[Int(order[place])] = Int32(truncatingIfNeeded: place)
      }
      return
    }
    // Of the parts of a cell that does not wait itself the largest need not split others.
    let wasQueued = isQueued[start]
    var largest = start
    var largestSize = tail - start
    if tail > start {
      size[start] = Int32(truncatingIfNeeded: tail - start)
    } else {
      cellCount -= 1
    }
    var begin = tail
    while begin < end {
      let next = endOfRun(begin, end)
      open(begin..<next)
      if next - begin > largestSize { (largest, largestSize) = (begin, next - begin) }
      begin = next
    }
    begin = start
    while begin < end {
      if wasQueued || begin != largest { enqueue(begin) }
      begin += Int(size[begin])
    }
  }

  private func endOfRun(_ begin: Int, _ end: Int) -> Int {
    let value = weight[Int(order[begin])]
    var next = begin + 1
    while next < end, weight[Int(order[next])] == value { next += 1 }
    return next
  }

  /// Sorts the places of a range by the weights of their atoms.
  private func sort(_ range: Range<Int>) {
    if range.count > 16 {
      order.sortInPlace(range) { weight[Int($0)] }
      return
    }
    var next = range.lowerBound + 1
    while next < range.upperBound {
      let atom = order[next]
      let value = weight[Int(atom)]
      var place = next
      while place > range.lowerBound, weight[Int(order[place - 1])] > value {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = atom
      next += 1
    }
  }

  /// The cells as they are, to come back to with ``restore(_:)``.
  func snapshot() -> Snapshot {
    Snapshot(
      order: order.array(), position: position.array(), cell: cell.array(), size: size.array(),
      cellCount: cellCount)
  }

  /// Puts back the cells of a snapshot; nothing waits afterwards.
  mutating func restore(_ snapshot: Snapshot) {
    order.assign(snapshot.order)
    position.assign(snapshot.position)
    cell.assign(snapshot.cell)
    size.assign(snapshot.size)
    cellCount = snapshot.cellCount
  }

  struct Snapshot {
    let order: [Int32]
    let position: [Int32]
    let cell: [Int32]
    let size: [Int32]
    let cellCount: Int
  }
}
