import Tensor

extension MolecularFingerprint {
  /// Largest distance in an atom pair, in bonds.
  static let largestPairDistance = 30
  /// Heavy atoms up to which all pairs are counted.
  static let fullPairAtomLimit = 400
  /// Largest distance in larger molecules.
  static let boundedPairDistance = 6
  /// In larger molecules the search from an atom stops after the distance at which it has met this
  /// many atoms.
  static let pairSearchLimit = 128

  /// Pairs of atom kinds (element, neighbours, π electrons) with their distance (Carhart, Smith
  /// and Venkataraghavan 1985).
  ///
  /// Molecules of more than 400 heavy atoms count only pairs up to distance 6 and from each atom
  /// only until 128 atoms are met, so that the work stays linear.
  static func addAtomPairs(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    let isBounded = graph.heavyAtomCount > fullPairAtomLimit
    let largest = isBounded ? boundedPairDistance : largestPairDistance
    let kinds = graph.atoms.indices.map { pairAtomKind(graph, $0) }
    var seen = [Int32](repeating: -1, count: graph.atoms.count)
    var level: [Int32] = []
    var outer: [Int32] = []
    for root in graph.atoms.indices {
      seen[root] = Int32(root)
      level.removeAll(keepingCapacity: true)
      level.append(Int32(root))
      var met = 0
      var distance = 0
      while !level.isEmpty, distance < largest, !isBounded || met < pairSearchLimit {
        distance += 1
        outer.removeAll(keepingCapacity: true)
        for atom in level where distance == 1 || !isBounded || graph.degree(Int(atom)) <= hubDegree
        {
          for slot in graph.neighborRange(Int(atom)) {
            let neighbor = graph.neighborAtoms[slot]
            guard seen[Int(neighbor)] != Int32(root) else { continue }
            seen[Int(neighbor)] = Int32(root)
            outer.append(neighbor)
          }
        }
        met += outer.count
        for neighbor in outer where isBounded || Int(neighbor) > root {
          let (left, right) = (kinds[root], kinds[Int(neighbor)])
          var hash = FeatureHash(kind: FeatureKind.atomPair.rawValue)
          hash.combine(min(left, right) << 32 | max(left, right) << 8 | UInt64(distance))
          sink.append(hash.key) { [Int32(root), neighbor] }
        }
        swap(&level, &outer)
      }
    }
  }

  /// Element, neighbours and π electrons in 24 bits.
  private static func pairAtomKind(_ graph: MolecularGraph, _ index: Int) -> UInt64 {
    let atom = graph.atoms[index]
    var electrons = atom.isAromatic ? 1 : 0
    if !atom.isAromatic {
      for slot in graph.neighborRange(index) {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        electrons += max(0, bond.valence(at: Int32(index)) - 1)
      }
    }
    return UInt64(atom.element.number) | UInt64(min(graph.degree(index), 255)) << 8
      | UInt64(min(electrons, 255)) << 16
  }
}
