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
  /// lies on the ring, as in cis-1,4-dimethylcyclohexane: the two marks mean something together. A
  /// corner of a cage with three alike neighbours and nothing outside, as in quinuclidine, cubane and
  /// adamantane, means nothing and makes nothing of others (RDKit's atomIsCandidateForRingStereochem).
  mutating func dropMeaninglessMarks() {
    guard !stereoBonds.isEmpty || atoms.contains(where: { $0.chirality.shape != .none }) else {
      return
    }
    if marksAreToldApartNearby() { return }
    var slab = Slab(bytes: CanonicalRanking.bytes(self))
    let ranking = CanonicalRanking(self, options: .isomeric, &slab)
    if ranking.unread > 0 { dropUnread(ranking) }
    slab.release()
  }

  private mutating func dropUnread(_ ranking: borrowing CanonicalRanking) {
    let tied = ranking.elements.indices.filter { ranking.descriptors[$0] == 0 }
    let inRing = tied.filter { index in
      !isPlainCorner(ranking.elements[index], ranking)
        && isTiedInRing(ranking.elements[index], ranking)
    }
    let kept = inRing.filter { index in
      inRing.contains { $0 != index && share(ring: ranking.elements[index], ranking.elements[$0]) }
    }
    for index in tied where !kept.contains(index) { drop(ranking.elements[index]) }
  }

  /// Whether the surroundings within four bonds already tell the neighbours of every mark apart.
  ///
  /// Saves the refinement of the whole molecule for most molecules.
  private func marksAreToldApartNearby() -> Bool {
    let count = atoms.count
    var colors = FixedArray<UInt64>(repeating: 0, count: count)
    var next = FixedArray<UInt64>(repeating: 0, count: count)
    for index in 0..<count {
      let atom = atoms[index]
      colors[index] =
        UInt64(atom.element.number) | UInt64(degree(index) & 255) << 8
        | UInt64(atom.hydrogens & 255) << 16 | UInt64(UInt8(bitPattern: atom.charge)) << 24
        | UInt64(atom.isotope) << 32 | (atom.isInRing ? 1 : 0) << 48
    }
    for _ in 0..<4 {
      if marksAreToldApart(by: colors) { return true }
      for index in 0..<count {
        var sum: UInt64 = 0
        for slot in neighborRange(index) {
          let bond = bonds[Int(neighborBonds[slot])]
          let type = bond.typeCode(at: Int32(truncatingIfNeeded: index))
          var mixed = colors[Int(neighborAtoms[slot])] &* (0x9e37_79b9_7f4a_7c15 &+ type << 1)
          mixed ^= mixed >> 29
          sum &+= mixed &* 0xbf58_476d_1ce4_e5b9
        }
        next[index] = (colors[index] ^ (sum >> 31)) &* 0x94d0_49bb_1331_11eb &+ sum
      }
      swap(&colors, &next)
    }
    return marksAreToldApart(by: colors)
  }

  /// Whether the neighbours of every mark have colours of their own.
  private func marksAreToldApart(by colors: borrowing FixedArray<UInt64>) -> Bool {
    for index in atoms.indices where atoms[index].chirality.shape != .none {
      guard atoms[index].chirality.shape == .tetrahedral, neighborsDiffer(index, -1, colors) else {
        return false
      }
    }
    for stereo in stereoBonds {
      let bond = bonds[Int(stereo.bond)]
      guard neighborsDiffer(Int(bond.begin), bond.end, colors),
        neighborsDiffer(Int(bond.end), bond.begin, colors)
      else { return false }
    }
    return true
  }

  private func neighborsDiffer(
    _ index: Int, _ excluded: Int32, _ colors: borrowing FixedArray<UInt64>
  ) -> Bool {
    let range = neighborRange(index)
    for high in range where neighborAtoms[high] != excluded {
      for low in range.lowerBound..<high where neighborAtoms[low] != excluded {
        if colors[Int(neighborAtoms[low])] == colors[Int(neighborAtoms[high])] { return false }
      }
    }
    return true
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

  /// Whether an element is a centre of three alike ring neighbours and a hydrogen or lone pair.
  private func isPlainCorner(
    _ element: StereoElement, _ ranking: borrowing CanonicalRanking
  ) -> Bool {
    guard case .tetrahedron = element.kind else { return false }
    let range = neighborRange(Int(element.first))
    guard range.count == 3 else { return false }
    let cell = ranking.partition.cell[Int(neighborAtoms[range.lowerBound])]
    for slot in range {
      guard bonds[Int(neighborBonds[slot])].isInRing,
        ranking.partition.cell[Int(neighborAtoms[slot])] == cell
      else { return false }
    }
    return true
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
