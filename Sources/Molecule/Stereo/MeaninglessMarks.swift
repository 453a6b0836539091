extension MolecularGraph {
  /// Drops the stereo marks that mean nothing; at no cost without marks.
  mutating func cleanStereo() {
    dropInvertingCentres()
    dropMeaninglessMarks()
  }

  /// Takes the marks off centres and double bonds two of whose neighbours are alike.
  ///
  /// Neighbours are alike when refinement of the whole molecule, marks that can be read included,
  /// does not tell them apart. Alike neighbours round a ring keep their mark if another such centre
  /// lies on the ring, as in cis-1,4-dimethylcyclohexane: the two marks mean something together.
  mutating func dropMeaninglessMarks() {
    guard !stereoBonds.isEmpty || atoms.contains(where: { $0.chirality.shape != .none }) else {
      return
    }
    let ranking = CanonicalRanking(self, options: .isomeric)
    guard ranking.unread > 0 else { return }
    let tied = ranking.elements.indices.filter { ranking.descriptors[$0] == 0 }
    let inRing = tied.filter { isTiedInRing(ranking.elements[$0], ranking) }
    let kept = inRing.filter { index in
      inRing.contains { $0 != index && share(ring: ranking.elements[index], ranking.elements[$0]) }
    }
    for index in tied where !kept.contains(index) { drop(ranking.elements[index]) }
  }

  private mutating func drop(_ element: StereoElement) {
    guard element.isDoubleBond else {
      switch element.kind {
      case .tetrahedron: atoms[Int(element.first)].chirality = .none
      case .axis:
        for slot in neighborRange(Int(element.first)) {
          let atom = Int(neighborAtoms[slot])
          if atoms[atom].chirality.shape == .allene { atoms[atom].chirality = .none }
        }
      case .coordination: break
      }
      return
    }
    stereoBonds.removeAll { stereo in
      let bond = bonds[Int(stereo.bond)]
      return bond.begin == element.first && bond.end == element.second
    }
  }

  /// Whether all neighbours that tie lead round a ring.
  private func isTiedInRing(_ element: StereoElement, _ ranking: borrowing CanonicalRanking) -> Bool
  {
    for (low, high) in element.pairs {
      let (left, right) = (element.places[low], element.places[high])
      let isTied =
        left < 0 || right < 0
        ? left == right
        : ranking.partition.cell[Int(left)] == ranking.partition.cell[Int(right)]
      if isTied, !(isRingNeighbor(left, element) && isRingNeighbor(right, element)) { return false }
    }
    return true
  }

  private func isRingNeighbor(_ place: Int32, _ element: StereoElement) -> Bool {
    [element.first, element.second].contains { end in
      end >= 0
        && neighborRange(Int(end)).contains {
          neighborAtoms[$0] == place && bonds[Int(neighborBonds[$0])].isInRing
        }
    }
  }

  private func share(ring left: StereoElement, _ right: StereoElement) -> Bool {
    (0..<rings.count).contains { ring in
      let members = rings.atoms(ring)
      return members.contains(left.first) && members.contains(right.first)
    }
  }
}
