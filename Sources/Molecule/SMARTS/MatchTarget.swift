/// A molecule prepared for pattern matching; prepare once, match many patterns.
public struct MatchTarget: Sendable {
  let graph: MolecularGraph
  /// Properties of each atom; [A].
  let words: [AtomWord]
  /// Kind of the bond to each neighbour, seen from the atom; [2 B].
  let kinds: [UInt16]
  /// Properties found on any atom.
  let presentWord: AtomWord
  /// Kinds of bonds present.
  let presentKinds: UInt16

  /// O(A + B + rings).
  public init(_ graph: MolecularGraph) {
    self.graph = graph
    let rings = FixedArray<UInt8>(repeating: 0, count: graph.atoms.count)
    let smallest = FixedArray<UInt8>(repeating: 0, count: graph.atoms.count)
    if graph.rings.count > 0 { Self.countRings(graph, rings, smallest) }
    let elementIndex = AtomWord.elementIndex
    let hasHydrogenAtoms = graph.atoms.contains { $0.element == .hydrogen }
    var words: [AtomWord] = []
    words.reserveCapacity(graph.atoms.count)
    var kinds = [UInt16](repeating: 0, count: graph.neighborAtoms.count)
    var present = AtomWord.none
    var presentKinds: UInt16 = 0
    for index in graph.atoms.indices {
      let atom = graph.atoms[index]
      var ringBonds = 0
      var valence = atom.hydrogens
      for slot in graph.neighborRange(index) {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        let kind = BondMask.kind(bond, from: Int32(truncatingIfNeeded: index))
        kinds[slot] = kind
        presentKinds |= kind
        ringBonds += bond.isInRing ? 1 : 0
        valence += bond.valence(at: Int32(truncatingIfNeeded: index))
      }
      let degree = graph.degree(index)
      let hydrogens =
        atom.hydrogens + (hasHydrogenAtoms ? graph.hydrogenNeighborCount(index) : 0)
      var low = AtomWord.element.bit(Int(elementIndex[Int(atom.element.number)])).low
      low |= AtomWord.aromatic.bit(atom.isAromatic ? 1 : 0).low
      low |= AtomWord.charge.bit(Int(atom.charge) + 2).low
      low |= AtomWord.degree.bit(degree).low
      low |= AtomWord.hydrogens.bit(hydrogens).low
      low |= AtomWord.ringBonds.bit(ringBonds).low
      low |= AtomWord.connections.bit(degree + atom.hydrogens).low
      var high = AtomWord.ringCount.bit(Int(rings[index])).high
      high |= AtomWord.smallestRing.bit(Int(smallest[index])).high
      high |= AtomWord.valence.bit(valence).high
      let word = AtomWord(low: low, high: high)
      words.append(word)
      present = present | word
    }
    self.words = words
    self.kinds = kinds
    presentWord = present
    self.presentKinds = presentKinds
  }

  private static func countRings(
    _ graph: MolecularGraph, _ counts: borrowing FixedArray<UInt8>,
    _ smallest: borrowing FixedArray<UInt8>
  ) {
    for ring in 0..<graph.rings.count {
      let size = UInt8(clamping: graph.rings.size(ring))
      for atom in graph.rings.atoms(ring) {
        if counts[Int(atom)] < 255 { counts[Int(atom)] += 1 }
        let known = smallest[Int(atom)]
        smallest[Int(atom)] = known == 0 ? size : min(known, size)
      }
    }
    guard let variants = RingVariants(of: graph) else { return }
    for ring in variants.rings.dropFirst(graph.rings.count) {
      var members: [Int32] = []
      for bond in ring {
        for atom in [graph.bonds[Int(bond)].begin, graph.bonds[Int(bond)].end]
        where !members.contains(atom) {
          members.append(atom)
          if counts[Int(atom)] < 255 { counts[Int(atom)] += 1 }
        }
      }
    }
  }

  /// The value of a property, exactly.
  func value(_ property: AtomProperty, _ index: Int) -> Int {
    let atom = graph.atoms[index]
    switch property {
    case .degree: return graph.degree(index)
    case .heavyDegree:
      return graph.neighborRange(index).count {
        let neighbor = graph.atoms[Int(graph.neighborAtoms[$0])]
        return neighbor.element != .hydrogen || neighbor.isotope != 0
      }
    case .hydrogens: return atom.hydrogens + graph.hydrogenNeighborCount(index)
    case .implicitHydrogens: return atom.hydrogens
    case .ringCount: return words[index].high.trailingZeroBitCount
    case .smallestRing:
      return (0..<graph.rings.count).filter { graph.rings.atoms($0).contains(Int32(index)) }
        .map { graph.rings.size($0) }.min() ?? 0
    case .ringBonds:
      return graph.neighborRange(index).count {
        graph.bonds[Int(graph.neighborBonds[$0])].isInRing
      }
    case .connections: return graph.degree(index) + atom.hydrogens
    case .valence:
      return graph.neighborRange(index).reduce(atom.hydrogens) {
        $0 + graph.bonds[Int(graph.neighborBonds[$1])].valence(at: Int32(index))
      }
    case .heteroNeighbors:
      return graph.neighborRange(index).count { isHetero(Int(graph.neighborAtoms[$0])) }
    case .aliphaticHeteroNeighbors:
      return graph.neighborRange(index).count {
        let neighbor = Int(graph.neighborAtoms[$0])
        return isHetero(neighbor) && !graph.atoms[neighbor].isAromatic
      }
    case .charge: return Int(atom.charge)
    case .hybridization: return graph.hybridization(index).rawValue
    case .ringOfSize: return 0
    }
  }

  private func isHetero(_ index: Int) -> Bool {
    let number = graph.atoms[index].element.number
    return number != 1 && number != 6
  }

  func isInRing(_ index: Int, of sizes: ClosedRange<Int>) -> Bool {
    let listed = (0..<graph.rings.count).contains {
      sizes.contains(graph.rings.size($0)) && graph.rings.atoms($0).contains(Int32(index))
    }
    if listed { return true }
    guard let variants = RingVariants(of: graph) else { return false }
    return variants.rings.dropFirst(graph.rings.count).contains { ring in
      sizes.contains(ring.count)
        && ring.contains {
          graph.bonds[Int($0)].begin == Int32(index) || graph.bonds[Int($0)].end == Int32(index)
        }
    }
  }
}

extension MolecularGraph {
  /// Neighbours that are hydrogen atoms.
  func hydrogenNeighborCount(_ index: Int) -> Int {
    var count = 0
    for slot in neighborRange(index)
    where atoms[Int(neighborAtoms[slot])].element == .hydrogen { count += 1 }
    return count
  }
}
