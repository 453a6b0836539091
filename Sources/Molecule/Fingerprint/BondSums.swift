import Tensor

/// The bonds around each atom of a large molecule as sums of random 64-bit numbers.
///
/// Searches do not pass through atoms of more than `hubDegree` neighbours and stop after
/// `bondLimit` bonds, so that the work is linear in the molecule.
struct BondSums {
  static let hubDegree = 32
  static let bondLimit = 1024

  private var atomSeen: [Int32]
  private var bondSeen: [Int32]
  private var level: [Int32] = []
  private var outer: [Int32] = []

  init(graph: MolecularGraph) {
    atomSeen = [Int32](repeating: -1, count: graph.atoms.count)
    bondSeen = [Int32](repeating: -1, count: graph.bonds.count)
  }

  /// Writes the sum over all bonds within `radius` of each atom to `sums`.
  mutating func fill(_ sums: inout [UInt64], radius: Int, graph: MolecularGraph) {
    for atom in atomSeen.indices { atomSeen[atom] = -1 }
    for bond in bondSeen.indices { bondSeen[bond] = -1 }
    for root in graph.atoms.indices { sums[root] = sum(from: root, radius: radius, graph: graph) }
  }

  private mutating func sum(from root: Int, radius: Int, graph: MolecularGraph) -> UInt64 {
    level.removeAll(keepingCapacity: true)
    level.append(Int32(root))
    atomSeen[root] = Int32(root)
    var sum: UInt64 = 0
    var count = 0
    for distance in 0..<radius where count <= Self.bondLimit {
      outer.removeAll(keepingCapacity: true)
      for atom in level where distance == 0 || graph.degree(Int(atom)) <= Self.hubDegree {
        for slot in graph.neighborRange(Int(atom)) {
          let bond = Int(graph.neighborBonds[slot])
          guard bondSeen[bond] != Int32(root) else { continue }
          bondSeen[bond] = Int32(root)
          sum &+= MolecularFingerprint.key(.bondToken, bond)
          count += 1
          let neighbor = graph.neighborAtoms[slot]
          guard atomSeen[Int(neighbor)] != Int32(root) else { continue }
          atomSeen[Int(neighbor)] = Int32(root)
          outer.append(neighbor)
        }
      }
      swap(&level, &outer)
    }
    return sum
  }
}
