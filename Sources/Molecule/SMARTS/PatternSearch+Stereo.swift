extension PatternSearch {
  /// Whether the marks of the pattern hold in the match; an atom or bond without a mark in the
  /// molecule meets none.
  func agreesInStereo(_ pattern: SMARTSPattern, _ target: MatchTarget) -> Bool {
    let elements = target.graph.stereoElements()
    for (index, test) in pattern.tests.enumerated() {
      guard let isPositive = test.chirality else { continue }
      if !agrees(index, isPositive, elements, pattern) { return false }
    }
    for (index, bond) in pattern.bonds.enumerated() where bond.mask == .double {
      if !agreesAtDoubleBond(index, elements, pattern) { return false }
    }
    return true
  }

  private func agrees(
    _ atom: Int, _ isPositive: Bool, _ elements: [StereoElement], _ pattern: SMARTSPattern
  ) -> Bool {
    let center = image[atom]
    guard
      let element = elements.first(where: {
        guard case .tetrahedron = $0.kind else { return false }
        return $0.first == center
      })
    else { return false }
    var written: [Int32] = []
    for index in pattern.atoms[atom].bonds where index >= 0 {
      let bond = pattern.bonds[index]
      written.append(image[bond.begin == atom ? bond.end : bond.begin])
    }
    guard written.count >= 3 else { return true }
    if written.count == 3 {
      // The neighbour that the pattern does not name: a hydrogen, or any other.
      let missing = element.places.first { !written.contains($0) } ?? StereoElement.hydrogen
      written.insert(missing, at: pattern.atoms[atom].hasPredecessor ? 1 : 0)
    }
    var places = element.places
    var parity = element.isPositive
    for place in 0..<4 where places[place] != written[place] {
      guard let other = places[place...].firstIndex(of: written[place]) else { return false }
      places.swapAt(place, other)
      parity.toggle()
    }
    return parity == isPositive
  }

  private func agreesAtDoubleBond(
    _ index: Int, _ elements: [StereoElement], _ pattern: SMARTSPattern
  ) -> Bool {
    let bond = pattern.bonds[index]
    guard let left = Self.side(of: bond.begin, except: index, pattern),
      let right = Self.side(of: bond.end, except: index, pattern)
    else { return true }
    let ends = [image[bond.begin], image[bond.end]]
    guard
      let element = elements.first(where: {
        $0.isDoubleBond && ends.contains($0.first) && ends.contains($0.second)
      })
    else { return false }
    let isCis = left.isAbove == right.isAbove
    guard let first = element.places.firstIndex(of: image[left.atom]),
      let second = element.places.firstIndex(of: image[right.atom])
    else { return false }
    return ((first % 2 == second % 2) == element.isPositive) == isCis
  }

  /// A marked neighbour of an end and whether it lies above it.
  private static func side(
    of atom: Int, except: Int, _ pattern: SMARTSPattern
  ) -> (atom: Int, isAbove: Bool)? {
    for index in pattern.atoms[atom].bonds where index >= 0 && index != except {
      let bond = pattern.bonds[index]
      guard let isUp = bond.direction else { continue }
      return bond.begin == atom ? (bond.end, isUp) : (bond.begin, !isUp)
    }
    return nil
  }
}
