/// Rings as long as a listed one that go round another ring the other way.
///
/// Pinene lists its four-membered ring and one of two six-membered rings; the other is the sum of
/// both. Such variants belong to the smallest rings as RDKit counts them (symmetrised SSSR): they
/// are no sum of shorter rings.
struct RingVariants {
  /// Most variants found in one molecule, and most rings of a molecule that is searched.
  static let limit = 256
  /// Bonds of the largest ring whose variants are found.
  static let largestSize = 128

  /// Bonds of each ring, ascending; the listed rings first, then the variants.
  private(set) var rings: [[Int32]] = []

  /// All rings of a molecule, or nil when it has no variants or more than ``limit`` rings.
  init?(of graph: MolecularGraph) {
    guard Self.mayExist(graph) else { return nil }
    for ring in 0..<graph.rings.count { rings.append(graph.rings.bonds(ring).sorted()) }
    let listed = rings.count
    var position = 0
    while position < rings.count, rings.count < listed + Self.limit {
      let ring = rings[position]
      position += 1
      guard ring.count <= Self.largestSize else { continue }
      for index in 0..<listed where rings[index].count <= ring.count {
        let variant = Self.sum(ring, rings[index])
        guard variant.count == ring.count, !rings.contains(variant), Self.isCycle(variant, graph)
        else { continue }
        if rings[index].count < ring.count || isIndependentOfShorter(variant, listed, graph) {
          rings.append(variant)
        }
      }
    }
    if rings.count == listed { return nil }
  }

  /// Whether a ring is no sum of listed rings that are shorter.
  private func isIndependentOfShorter(
    _ ring: [Int32], _ listed: Int, _ graph: MolecularGraph
  ) -> Bool {
    var shorter = CycleSpace(bondCount: graph.bonds.count, dimension: listed)
    for index in 0..<listed where rings[index].count < ring.count {
      _ = shorter.insert(rings[index])
    }
    return !shorter.contains(ring)
  }

  /// Whether some ring shares half of its bonds with another one that is no smaller.
  private static func mayExist(_ graph: MolecularGraph) -> Bool {
    let rings = graph.rings
    guard rings.count > 1, rings.count <= limit else { return false }
    var lastRing = [Int32](repeating: -1, count: graph.bonds.count)
    for high in 0..<rings.count where rings.size(high) <= largestSize {
      for bond in rings.bonds(high) { lastRing[Int(bond)] = Int32(high) }
      for low in 0..<rings.count where low != high && rings.size(low) <= rings.size(high) {
        guard rings.size(low) % 2 == 0 else { continue }
        var shared = 0
        for bond in rings.bonds(low) where lastRing[Int(bond)] == Int32(high) { shared += 1 }
        if 2 * shared == rings.size(low) { return true }
      }
    }
    return false
  }

  /// Bonds that are in one of two rings but not in both.
  private static func sum(_ left: [Int32], _ right: [Int32]) -> [Int32] {
    var result: [Int32] = []
    var (first, second) = (0, 0)
    while first < left.count || second < right.count {
      if second == right.count || (first < left.count && left[first] < right[second]) {
        result.append(left[first])
        first += 1
      } else if first == left.count || right[second] < left[first] {
        result.append(right[second])
        second += 1
      } else {
        first += 1
        second += 1
      }
    }
    return result
  }

  private static func isCycle(_ bonds: [Int32], _ graph: MolecularGraph) -> Bool {
    var (bond, atom) = (bonds[0], graph.bonds[Int(bonds[0])].end)
    var length = 1
    while atom != graph.bonds[Int(bonds[0])].begin {
      var next: Int32 = -1
      for candidate in bonds where candidate != bond {
        let (begin, end) = (graph.bonds[Int(candidate)].begin, graph.bonds[Int(candidate)].end)
        guard begin == atom || end == atom else { continue }
        if next >= 0 { return false }
        next = candidate
      }
      guard next >= 0 else { return false }
      atom = graph.bonds[Int(next)].other(than: atom)
      bond = next
      length += 1
    }
    return length == bonds.count
  }
}
