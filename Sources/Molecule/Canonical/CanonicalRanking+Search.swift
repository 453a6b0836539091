extension CanonicalRanking {
  /// The atoms of the cell to choose from: one that hides a stereo mark if there is any, the
  /// largest of those, the first of these.
  func targetCell() -> [Int32] {
    let hidden = tiedPlaces()
    var target = -1
    var isTargetHidden = false
    var start = 0
    while start < partition.order.count {
      let size = partition.size[start]
      if size > 1 {
        let isHidden = !hidden.isEmpty && hidden.contains(Int32(start))
        if target < 0 || (isHidden && !isTargetHidden)
          || (isHidden == isTargetHidden && size > partition.size[target])
        {
          (target, isTargetHidden) = (start, isHidden)
        }
      }
      start += Int(size)
    }
    return (target..<target + Int(partition.size[target])).map { partition.order[$0] }
  }

  /// Cells of neighbours that leave a stereo mark unread.
  private func tiedPlaces() -> Set<Int32> {
    guard unread > 0 else { return [] }
    var cells: Set<Int32> = []
    for index in elements.indices where descriptors[index] == 0 {
      let element = elements[index]
      for slot in 0..<element.placeCount {
        let place = element.sites[slot]
        if place >= 0, partition.cellSize(of: Int(place)) > 1 {
          cells.insert(partition.cell[Int(place)])
        }
      }
    }
    return cells
  }

  /// The automorphism that moves as few as it can of the atoms that still tie and takes those that
  /// stand alone to the atoms of a leaf, if there is one; `order` and `positions` are the leaf's.
  ///
  /// Saves the way down to a leaf where few atoms move (Darga, Sakallah and Markov, "Faster symmetry
  /// discovery using sparsity of symmetries", DAC 2008).
  func automorphism(to order: [Int32], _ positions: [Int32]) -> [Int32]? {
    var image = [Int32](repeating: 0, count: order.count)
    var start = 0
    while start < order.count {
      let end = start + Int(partition.size[start])
      // Atoms of the cell that are not in the leaf's go to those of the leaf's that are not in it.
      var next = start
      for place in start..<end {
        let atom = partition.order[place]
        if (start..<end).contains(Int(positions[Int(atom)])) {
          image[Int(atom)] = atom
          continue
        }
        while (start..<end).contains(Int(partition.position[Int(order[next])])) { next += 1 }
        image[Int(atom)] = order[next]
        next += 1
      }
      start = end
    }
    for element in elements {
      guard image[Int(element.first)] == element.first,
        element.second < 0 || image[Int(element.second)] == element.second,
        (0..<element.placeCount).allSatisfy({
          let place = element.sites[$0]
          return place < 0 || image[Int(place)] == place
        })
      else { return nil }
    }
    for atom in 0..<order.count where Int(image[atom]) != atom {
      let range = neighbors.range(Int(image[atom]))
      for slot in neighbors.range(atom) {
        let target = Int(image[neighbors.neighbor(slot)])
        let code = neighbors.code(slot)
        guard
          range.contains(where: {
            neighbors.neighbor($0) == target && neighbors.code($0) == code
          })
        else { return nil }
      }
    }
    return image
  }
}
