/// Splitting follows Hopcroft: of the parts of a cell the largest need not split others again, which
/// makes refinement O(B log A) (Cardon and Crochemore, "Partitioning a graph in O(|A| log |V|)",
/// 1982).
extension AtomPartition {
  /// Adds `value` to what distinguishes `atom`; call ``splitTouched()`` after the last one.
  @inline(__always)
  mutating func touch(_ atom: Int, _ value: UInt64) {
    let old = weight[atom]
    if old == 0 {
      touchedAtoms[touchedAtomCount] = Int32(truncatingIfNeeded: atom)
      touchedAtomCount += 1
    }
    weight[atom] = old &+ value
  }

  /// Splits cells by their bonds into queued cells until nothing changes.
  ///
  /// Stops early, with false, where the trace shows that the outcome will not count.
  @discardableResult
  mutating func refine(_ neighbors: borrowing NeighborCodes) -> Bool {
    while queued > 0 {
      let start = Int(queue[queueHead])
      queueHead = queueHead + 1 == queue.count ? 0 : queueHead + 1
      queued -= 1
      isQueued[start] = false
      if isDiscrete { continue }
      let end = start + Int(size[start])
      var place = start
      while place < end {
        let range = neighbors.range(Int(order[place]))
        work &+= range.count
        for slot in range {
          let neighbor = neighbors.neighbor(slot)
          if size[Int(cell[neighbor])] > 1 {
            touch(neighbor, NeighborCodes.weight(neighbors.code(slot)))
          }
        }
        place += 1
      }
      if touchedAtomCount > 0 { splitTouched() }
      if trace.isOn, !trace.record(start) {
        forgetQueue()
        return false
      }
    }
    return true
  }

  /// Splits each cell with touched atoms by their weights, untouched atoms first.
  mutating func splitTouched() {
    for index in 0..<touchedAtomCount {
      let atom = Int(touchedAtoms[index])
      let start = Int(cell[atom])
      let count = touchedCount[start]
      if count == 0 {
        touchedCells[touchedCellCount] = Int32(truncatingIfNeeded: start)
        touchedCellCount += 1
      }
      touchedCount[start] = count + 1
      // Touched atoms gather at the end of their cell.
      let target = start + Int(size[start] - count - 1)
      let place = Int(position[atom])
      if place != target { swap(place, target) }
    }
    touchedCells.sortFirst(touchedCellCount)
    for index in 0..<touchedCellCount { split(Int(touchedCells[index])) }
    for index in 0..<touchedAtomCount { weight[Int(touchedAtoms[index])] = 0 }
    touchedAtomCount = 0
    touchedCellCount = 0
  }

  private mutating func split(_ start: Int) {
    let end = start + Int(size[start])
    let tail = end - Int(touchedCount[start])
    touchedCount[start] = 0
    if end - start == 1 { return }
    if end - tail > 1 { sort(tail, end) }
    if trace.isOn { traceSplit(start, tail, end) }
    if tail == start, weight[Int(order[start])] == weight[Int(order[end - 1])] { return }
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
      open(begin, next)
      if begin != start { noteSplit(begin, of: start) }
      if next - begin > largestSize { (largest, largestSize) = (begin, next - begin) }
      begin = next
    }
    begin = start
    while begin < end {
      if wasQueued || begin != largest { enqueue(begin) }
      begin += Int(size[begin])
    }
  }

  private mutating func traceSplit(_ start: Int, _ tail: Int, _ end: Int) {
    trace.mix(UInt64(truncatingIfNeeded: start) << 32 | UInt64(truncatingIfNeeded: tail))
    var begin = tail
    while begin < end {
      let next = endOfRun(begin, end)
      trace.mix(UInt64(truncatingIfNeeded: next) ^ weight[Int(order[begin])] &* 0x9e37_79b9)
      begin = next
    }
  }

  @inline(__always)
  private func endOfRun(_ begin: Int, _ end: Int) -> Int {
    let value = weight[Int(order[begin])]
    var next = begin + 1
    while next < end, weight[Int(order[next])] == value { next += 1 }
    return next
  }

  /// Sorts the atoms of some places by their weights.
  @inline(__always)
  private func sort(_ begin: Int, _ end: Int) {
    if end - begin > 16 {
      sortMany(begin, end)
      return
    }
    var next = begin + 1
    while next < end {
      let atom = order[next]
      let value = weight[Int(atom)]
      var place = next
      while place > begin {
        let other = order[place - 1]
        guard weight[Int(other)] > value else { break }
        order[place] = other
        position[Int(other)] = Int32(truncatingIfNeeded: place)
        place -= 1
      }
      if place != next {
        order[place] = atom
        position[Int(atom)] = Int32(truncatingIfNeeded: place)
      }
      next += 1
    }
  }

  @inline(never)
  private func sortMany(_ begin: Int, _ end: Int) {
    let value = weight[Int(order[begin])]
    // Mostly all are alike.
    guard (begin..<end).contains(where: { weight[Int(order[$0])] != value }) else { return }
    order.sortInPlace(begin..<end) { weight[Int($0)] }
    for place in begin..<end { position[Int(order[place])] = Int32(truncatingIfNeeded: place) }
  }
}
