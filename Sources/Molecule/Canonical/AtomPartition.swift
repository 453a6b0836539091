/// An ordered partition of the atoms into cells, refined until atoms of one cell see the same
/// number of bonds of each type into every other cell.
///
/// The order of the cells never depends on how the atoms were numbered. Splitting follows Hopcroft:
/// of the parts of a cell the largest need not split others again, which makes refinement
/// O(B log A) (Cardon and Crochemore, "Partitioning a graph in O(|A| log |V|)", 1982).
struct AtomPartition {
  /// Atoms, cell by cell; [A].
  private(set) var order: [Int32]
  /// Where an atom stands in `order`; [A].
  private(set) var position: [Int32]
  /// First position of each atom's cell: its rank; [A].
  private(set) var cell: [Int32]
  /// Number of atoms in the cell that starts at a position; [A].
  private(set) var size: [Int32]
  private(set) var cellCount = 0

  private var queue: [Int32] = []
  private var isQueued: [Bool]
  /// What the current splitter adds to an atom; 0 between uses.
  private var weight: [UInt64]
  private var touchedAtoms: [Int32] = []
  private var touchedCells: [Int32] = []
  /// Touched atoms of the cell that starts at a position; 0 between uses.
  private var touchedCount: [Int32]

  /// Orders atoms by `invariants`, [A]; every cell waits to split others.
  init(invariants: [UInt64]) {
    let count = invariants.count
    let zeros = [Int32](repeating: 0, count: count)
    order = zeros
    position = zeros
    cell = zeros
    size = zeros
    touchedCount = zeros
    isQueued = [Bool](repeating: false, count: count)
    weight = [UInt64](repeating: 0, count: count)
    queue.reserveCapacity(count)
    touchedAtoms.reserveCapacity(count)
    for atom in 0..<count { order[atom] = Int32(truncatingIfNeeded: atom) }
    Self.sort(&order, in: 0..<count, by: invariants)
    var start = 0
    while start < count {
      var end = start + 1
      let value = invariants[Int(order[start])]
      while end < count, invariants[Int(order[end])] == value { end += 1 }
      open(start..<end)
      enqueue(start)
      start = end
    }
  }

  var isDiscrete: Bool { cellCount == order.count }

  /// Number of atoms in the cell of `atom`.
  @inline(__always)
  func cellSize(of atom: Int) -> Int32 { size[Int(cell[atom])] }

  /// The atoms of the cell that starts at `start`.
  func members(_ start: Int) -> ArraySlice<Int32> { order[start..<start + Int(size[start])] }

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
    queue.append(Int32(truncatingIfNeeded: start))
  }

  /// Sets an atom apart as the last of its cell; O(1). Refine afterwards.
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
    if weight[atom] == 0 { touchedAtoms.append(Int32(truncatingIfNeeded: atom)) }
    weight[atom] &+= value
  }

  /// Splits cells by their bonds into queued cells until nothing changes.
  mutating func refine(_ neighbors: NeighborCodes) {
    var head = 0
    while head < queue.count {
      let start = Int(queue[head])
      head += 1
      isQueued[start] = false
      if isDiscrete { continue }
      for place in start..<start + Int(size[start]) {
        let atom = Int(order[place])
        for slot in neighbors.range(atom) {
          let neighbor = Int(neighbors.atoms[slot])
          if size[Int(cell[neighbor])] > 1 { touch(neighbor, neighbors.weights[slot]) }
        }
      }
      splitTouched()
    }
    queue.removeAll(keepingCapacity: true)
  }

  /// Splits each cell with touched atoms by their weights, untouched atoms first.
  mutating func splitTouched() {
    for atom in touchedAtoms {
      let start = Int(cell[Int(atom)])
      if touchedCount[start] == 0 { touchedCells.append(cell[Int(atom)]) }
      touchedCount[start] += 1
      // Touched atoms gather at the end of their cell.
      let place = start + Int(size[start] - touchedCount[start])
      swap(Int(position[Int(atom)]), place)
    }
    if touchedCells.count > 1 { touchedCells.sort() }
    for start in touchedCells { split(Int(start)) }
    for atom in touchedAtoms { weight[Int(atom)] = 0 }
    touchedAtoms.removeAll(keepingCapacity: true)
    touchedCells.removeAll(keepingCapacity: true)
  }

  private mutating func split(_ start: Int) {
    let end = start + Int(size[start])
    let tail = end - Int(touchedCount[start])
    touchedCount[start] = 0
    if size[start] == 1 { return }
    Self.sort(&order, in: tail..<end, by: weight)
    if tail == start, weight[Int(order[start])] == weight[Int(order[end - 1])] {
      for place in start..<end {
        position[Int(order[place])] = Int32(truncatingIfNeeded: place)
      }
      return
    }
    let wasQueued = isQueued[start]
    var largest = start
    var largestSize = tail - start
    if tail > start {
      size[start] = Int32(truncatingIfNeeded: tail - start)
    } else {
      cellCount -= 1
    }
    var begin = tail
    let firstQueued = queue.count
    if !wasQueued, tail > start { enqueue(start) }
    while begin < end {
      var next = begin + 1
      let value = weight[Int(order[begin])]
      while next < end, weight[Int(order[next])] == value { next += 1 }
      open(begin..<next)
      enqueue(begin)
      if next - begin > largestSize { (largest, largestSize) = (begin, next - begin) }
      begin = next
    }
    if !wasQueued, let place = queue[firstQueued...].firstIndex(of: Int32(largest)) {
      queue.remove(at: place)
      isQueued[largest] = false
    }
  }

  private static func sort(_ order: inout [Int32], in range: Range<Int>, by key: [UInt64]) {
    guard range.count <= 48 else {
      order[range].sort { key[Int($0)] < key[Int($1)] }
      return
    }
    var next = range.lowerBound + 1
    while next < range.upperBound {
      let atom = order[next]
      let value = key[Int(atom)]
      var place = next
      while place > range.lowerBound, key[Int(order[place - 1])] > value {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = atom
      next += 1
    }
  }
}
