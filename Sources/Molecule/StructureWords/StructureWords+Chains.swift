import Tensor

extension StructureWords {
  /// Chains looked at in one molecule, the largest first.
  private static let mostChains = 6

  /// Lengths and double bonds of the longest paths in the trees that acyclic carbons form.
  static func addChains(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    let chains = CarbonChain.all(in: graph).sorted {
      ($0.carbons, $0.length, $0.doubleBonds) > ($1.carbons, $1.length, $1.doubleBonds)
    }
    for chain in chains.prefix(mostChains) {
      sink.append(key(.chain, chain.length)) { chain.atoms }
      sink.append(key(.unsaturatedChain, chain.length, chain.doubleBonds)) { chain.atoms }
      sink.append(key(.chainCarbons, chain.carbons)) { chain.atoms }
    }
    let longest = chains.max { ($0.length, $0.doubleBonds) < ($1.length, $1.doubleBonds) }
    guard let longest else { return }
    sink.append(key(.longestChain, longest.length)) { longest.atoms }
    sink.append(key(.longestUnsaturatedChain, longest.length, longest.doubleBonds)) {
      longest.atoms
    }
  }
}

/// A longest path through a tree of carbons outside rings; of equal ones that with most double
/// bonds.
private struct CarbonChain {
  /// Carbons of the whole tree.
  let atoms: [Int32]
  /// Carbons on the path.
  let length: Int
  /// Double bonds on the path.
  let doubleBonds: Int

  /// How many carbons the whole tree has.
  var carbons: Int { atoms.count }

  /// A path that ends at an atom: its carbons and double bonds.
  private struct Arm {
    var length = 0
    var doubleBonds = 0

    static func < (left: Arm, right: Arm) -> Bool {
      (left.length, left.doubleBonds) < (right.length, right.doubleBonds)
    }
  }

  /// The chain of every tree; O(A + B).
  static func all(in graph: MolecularGraph) -> [CarbonChain] {
    var isSeen = graph.atoms.map { $0.element != .carbon || $0.isInRing }
    // The two best arms below each atom, over different neighbours.
    var best = [Arm](repeating: Arm(), count: graph.atoms.count)
    var second = best
    var chains: [CarbonChain] = []
    for root in graph.atoms.indices where !isSeen[root] {
      var tree: [(atom: Int, parent: Int, isDouble: Bool)] = [(root, -1, false)]
      isSeen[root] = true
      var next = 0
      while next < tree.count {
        let atom = tree[next].atom
        next += 1
        for slot in graph.neighborRange(atom) where !isSeen[Int(graph.neighborAtoms[slot])] {
          isSeen[Int(graph.neighborAtoms[slot])] = true
          let isDouble = graph.bonds[Int(graph.neighborBonds[slot])].order == .double
          tree.append((Int(graph.neighborAtoms[slot]), atom, isDouble))
        }
      }
      var longest = Arm()
      for (atom, parent, isDouble) in tree.reversed() {
        let through = Arm(
          length: best[atom].length + second[atom].length + 1,
          doubleBonds: best[atom].doubleBonds + second[atom].doubleBonds)
        if longest < through { longest = through }
        guard parent >= 0 else { continue }
        let arm = Arm(
          length: best[atom].length + 1,
          doubleBonds: best[atom].doubleBonds + (isDouble ? 1 : 0))
        if best[parent] < arm {
          (best[parent], second[parent]) = (arm, best[parent])
        } else if second[parent] < arm {
          second[parent] = arm
        }
      }
      chains.append(
        CarbonChain(
          atoms: tree.map { Int32($0.atom) }, length: longest.length,
          doubleBonds: longest.doubleBonds))
    }
    return chains
  }
}
