import Tensor

extension MolecularGraph {
  /// What an atom is by itself: element, neighbours, hydrogens, charge, isotope, ring membership.
  func atomInvariant(_ index: Int) -> UInt64 {
    let atom = atoms[index]
    var hash = FeatureHash(kind: FeatureKind.atom.rawValue)
    var packed = UInt64(atom.element.number)
    packed |= UInt64(min(degree(index), 255)) << 8
    packed |= UInt64(atom.hydrogens) << 16
    packed |= UInt64(UInt8(bitPattern: atom.charge)) << 32
    packed |= UInt64(atom.isotope) << 40
    packed |= (atom.isInRing ? 1 : 0) << 60
    hash.combine(packed)
    return hash.key
  }
}

extension MolecularFingerprint {
  /// Largest radius of an environment, in bonds.
  static let largestRadius = 3
  /// Environments stop growing once they hold this many bonds.
  static let environmentBondLimit = 1024
  /// Environments and paths do not pass through atoms of more neighbours than this.
  static let hubDegree = 32

  private struct Environment {
    let bondSet: UInt64
    let radius: UInt64
    let key: UInt64
    let center: Int32

    static func precedes(_ left: Environment, _ right: Environment) -> Bool {
      if left.bondSet != right.bondSet { return left.bondSet < right.bondSet }
      if left.radius != right.radius { return left.radius < right.radius }
      return left.key < right.key
    }
  }

  /// Extended-connectivity features (Rogers and Hahn 2010), radius 0 to 3: of environments that
  /// cover the same bonds only the one of least radius, then least key, is kept.
  ///
  /// Stereo marks do not change these keys; they add keys of their own once the surroundings
  /// within the radius tell the neighbours apart.
  static func addEnvironments(
    of graph: MolecularGraph, stereo: [StereoElement], to sink: inout some FeatureSink
  ) {
    let atomCount = graph.atoms.count
    var keys = (0..<atomCount).map { graph.atomInvariant($0) }
    for atom in 0..<atomCount { sink.append(keys[atom]) { [Int32(atom)] } }
    guard !graph.bonds.isEmpty else { return }
    let bondSets = environmentBondSets(of: graph)
    var next = keys
    var environments: [Environment] = []
    environments.reserveCapacity(atomCount * largestRadius)
    for radius in 1...largestRadius {
      for atom in 0..<atomCount {
        var sum: UInt64 = 0
        for slot in graph.neighborRange(atom) {
          let bond = graph.bonds[Int(graph.neighborBonds[slot])]
          sum &+= FeatureHash.pair(
            keys[Int(graph.neighborAtoms[slot])], bond.typeCode(at: Int32(atom)))
        }
        var hash = FeatureHash(kind: FeatureKind.environment.rawValue)
        hash.combine(keys[atom])
        hash.combine(sum)
        next[atom] = hash.key
        let bondSet = bondSets[atom * largestRadius + radius - 1]
        guard bondSet != 0 else { continue }
        environments.append(
          Environment(
            bondSet: bondSet, radius: UInt64(radius), key: next[atom], center: Int32(atom)))
      }
      addStereo(stereo, of: graph, neighbors: keys, environments: next, radius, to: &sink)
      swap(&keys, &next)
    }
    environments.sort(by: Environment.precedes)
    var last: UInt64 = 0
    for environment in environments where environment.bondSet != last {
      last = environment.bondSet
      sink.append(environment.key) {
        environmentAtoms(of: graph, around: [environment.center], radius: Int(environment.radius))
      }
    }
  }

  private static func addStereo(
    _ stereo: [StereoElement], of graph: MolecularGraph, neighbors: [UInt64],
    environments: [UInt64], _ radius: Int, to sink: inout some FeatureSink
  ) {
    for element in stereo {
      let descriptor = element.descriptor(neighbors)
      guard descriptor != 0 else { continue }
      let first = environments[Int(element.first)]
      let second = element.second < 0 ? 0 : environments[Int(element.second)]
      let kind: FeatureKind = element.second < 0 ? .chiralEnvironment : .doubleBondEnvironment
      var hash = FeatureHash(kind: kind.rawValue)
      hash.combine(min(first, second))
      hash.combine(max(first, second))
      hash.combine(descriptor)
      sink.append(hash.key) {
        environmentAtoms(of: graph, around: element.ends, radius: radius)
      }
    }
  }

  /// The atoms of the environments of some atoms: what the bonds of their sets join.
  private static func environmentAtoms(
    of graph: MolecularGraph, around centers: [Int32], radius: Int
  ) -> [Int32] {
    var atoms = centers
    var level = centers
    for step in 0..<radius {
      var outer: [Int32] = []
      for atom in level where step == 0 || graph.degree(Int(atom)) <= hubDegree {
        for slot in graph.neighborRange(Int(atom))
        where !atoms.contains(graph.neighborAtoms[slot]) {
          atoms.append(graph.neighborAtoms[slot])
          outer.append(graph.neighborAtoms[slot])
        }
      }
      level = outer
      // No environment is larger, and the search above would become slow.
      if atoms.count > environmentBondLimit { break }
    }
    return atoms
  }

  /// The bonds within each radius of each atom, as sums of bond tokens; [A · largestRadius].
  private static func environmentBondSets(of graph: MolecularGraph) -> [UInt64] {
    var sets = [UInt64](repeating: 0, count: graph.atoms.count * largestRadius)
    let tokens = graph.bonds.indices.map { key(.bondToken, $0) }
    var atomSeen = [Int32](repeating: -1, count: graph.atoms.count)
    var bondSeen = [Int32](repeating: -1, count: graph.bonds.count)
    var level: [Int32] = []
    var outer: [Int32] = []
    for root in graph.atoms.indices {
      level.removeAll(keepingCapacity: true)
      level.append(Int32(root))
      atomSeen[root] = Int32(root)
      var sum: UInt64 = 0
      var count = 0
      for radius in 0..<largestRadius {
        outer.removeAll(keepingCapacity: true)
        if count <= environmentBondLimit {
          for atom in level where radius == 0 || graph.degree(Int(atom)) <= hubDegree {
            for slot in graph.neighborRange(Int(atom)) {
              let bond = Int(graph.neighborBonds[slot])
              guard bondSeen[bond] != Int32(root) else { continue }
              bondSeen[bond] = Int32(root)
              sum &+= tokens[bond]
              count += 1
              let neighbor = graph.neighborAtoms[slot]
              guard atomSeen[Int(neighbor)] != Int32(root) else { continue }
              atomSeen[Int(neighbor)] = Int32(root)
              outer.append(neighbor)
            }
          }
        }
        sets[root * largestRadius + radius] = sum
        swap(&level, &outer)
      }
    }
    return sets
  }
}
