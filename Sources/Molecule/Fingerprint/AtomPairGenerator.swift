/// Atom pairs: two atoms' kinds and the number of bonds on the shortest way between them.
///
/// Carhart, Smith and Venkataraghavan, J. Chem. Inf. Comput. Sci. 1985, 25, 64. Identifiers are
/// RDKit's: distance in bits 0–4, the lesser code in bits 5–13, the greater in bits 14–22.
///
/// Molecules of more than ``fullSearchLimit`` atoms count pairs up to distance 6 only and from each
/// atom only until 128 atoms are met, not passing through atoms of more than 32 neighbours, so
/// that the work stays linear.
public struct AtomPairGenerator: FingerprintGenerator {
  /// Atoms up to which all pairs are counted.
  public static let fullSearchLimit = 2000
  private static let boundedDistance = 6
  private static let boundedCount = 128
  private static let hubDegree = 32

  /// Distances that count, within 1...30 bonds.
  public let distances: ClosedRange<Int>

  private var codes: [UInt32] = []
  private var seen: [Int32] = []
  private var queue: [Int32] = []
  private var occurrences: [UInt64] = []
  private var sorter = IdentifierSort()

  /// A generator of pairs at the given distances.
  public init(distances: ClosedRange<Int> = 1...30) {
    precondition(distances.lowerBound >= 1 && distances.upperBound <= 30, "distances \(distances)")
    self.distances = distances
  }

  /// Identifiers below 2²³ with their counts; O(A²) up to ``fullSearchLimit``, then O(A).
  public mutating func counts(of graph: MolecularGraph) -> CountFingerprint {
    collect(graph)
    sorter.sort(&occurrences, bits: 23)
    return CountFingerprint(sorted: occurrences.span)
  }

  /// One bit for each pair at the remainder of its 32-bit hash by `size`, as in RDKit without
  /// count simulation.
  public mutating func bits(of graph: MolecularGraph, size: Int) -> BitFingerprint {
    collect(graph)
    var found = BitFingerprint(size: size)
    for identifier in occurrences {
      var hash = HashCombine()
      hash.add(UInt32(identifier >> 5 & 511))
      hash.add(UInt32(identifier & 31))
      hash.add(UInt32(identifier >> 14))
      found.insert(Int(hash.value) % size)
    }
    return found
  }

  private mutating func collect(_ graph: MolecularGraph) {
    let atomCount = graph.atoms.count
    occurrences.removeAll(keepingCapacity: true)
    graph.fillAtomPairCodes(&codes)
    seen.removeAll(keepingCapacity: true)
    seen.append(contentsOf: repeatElement(-1, count: atomCount))
    if queue.count < atomCount { queue = [Int32](repeating: 0, count: atomCount) }
    if atomCount > Self.fullSearchLimit {
      for root in 0..<atomCount { searchNearby(from: root, graph) }
    } else {
      for root in 0..<atomCount { search(from: root, graph) }
    }
  }

  private mutating func append(_ root: Int, _ other: Int, _ distance: Int) {
    let (left, right) = (codes[root], codes[other])
    let (low, high) = (min(left, right), max(left, right))
    occurrences.append(UInt64(high) << 14 | UInt64(low) << 5 | UInt64(distance))
  }

  /// Breadth first from `root`; pairs with atoms of higher number.
  private mutating func search(from root: Int, _ graph: MolecularGraph) {
    let starts = graph.neighborStart.span
    let neighbors = graph.neighborAtoms.span
    seen[root] = Int32(root)
    queue[0] = Int32(root)
    var (first, levelEnd, last, distance) = (0, 1, 1, 0)
    while first < last, distance < distances.upperBound {
      distance += 1
      let counts = distances.contains(distance)
      while first < levelEnd {
        let atom = Int(queue[first])
        first += 1
        for slot in Int(starts[atom])..<Int(starts[atom + 1]) {
          let neighbor = Int(neighbors[slot])
          guard seen[neighbor] != Int32(root) else { continue }
          seen[neighbor] = Int32(root)
          queue[last] = Int32(neighbor)
          last += 1
          if counts, neighbor > root { append(root, neighbor, distance) }
        }
      }
      levelEnd = last
    }
  }

  /// As ``search(from:_:)`` with a bound; each pair is met from one or both of its ends.
  private mutating func searchNearby(from root: Int, _ graph: MolecularGraph) {
    seen[root] = Int32(root)
    queue[0] = Int32(root)
    var (first, levelEnd, last, distance) = (0, 1, 1, 0)
    while first < last, distance < min(distances.upperBound, Self.boundedDistance),
      last <= Self.boundedCount
    {
      distance += 1
      while first < levelEnd {
        let atom = Int(queue[first])
        first += 1
        guard distance == 1 || graph.degree(atom) <= Self.hubDegree else { continue }
        for slot in graph.neighborRange(atom) {
          let neighbor = Int(graph.neighborAtoms[slot])
          guard seen[neighbor] != Int32(root) else { continue }
          seen[neighbor] = Int32(root)
          queue[last] = Int32(neighbor)
          last += 1
          if distances.contains(distance) { append(root, neighbor, distance) }
        }
      }
      levelEnd = last
    }
  }
}
