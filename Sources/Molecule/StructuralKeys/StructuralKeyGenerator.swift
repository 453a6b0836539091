/// The 166 structural keys of a molecule, also called MACCS keys, as bits.
///
/// Bit i is key i, as in RDKit; bit 0 is never set. A key whose search passes ``searchLimits`` is
/// not set, so that hostile molecules, such as atoms of a thousand neighbours, cost bounded work.
public struct StructuralKeyGenerator: FingerprintGenerator {
  /// Number of bits: 166 keys and the unused bit 0.
  public static let size = 167
  /// How far the search for one key may go.
  public static let searchLimits = MatchLimits(steps: 2_000_000, time: nil)

  /// Patterns, each with the keys that count it and their least counts, ascending.
  private struct Count: Sendable {
    let pattern: SMARTSPattern
    var thresholds: [(minimum: Int, key: Int)]
  }

  private static let counts: [Count] = {
    var counts: [Count] = []
    for key in StructuralKey.all {
      for pattern in key.patterns {
        let threshold = (key.minimum, key.number)
        if let place = counts.firstIndex(where: { $0.pattern.smarts == pattern.smarts }) {
          counts[place].thresholds.append(threshold)
        } else {
          counts.append(Count(pattern: pattern, thresholds: [threshold]))
        }
      }
    }
    for index in counts.indices { counts[index].thresholds.sort { $0.minimum < $1.minimum } }
    return counts
  }()

  /// Cycles of eight to fourteen ring bonds; they need not be smallest rings.
  private static let longCycles = (8...14).map { size in
    StructuralKey.compiled("*@1" + String(repeating: "@*", count: size - 1) + "@1")
  }

  private let counts = Self.counts
  private let longCycles = Self.longCycles

  /// A generator of the keys; the patterns are compiled once for all generators.
  public init() {}

  /// The numbers of the keys, each with the count 1.
  public mutating func counts(of graph: MolecularGraph) -> CountFingerprint {
    CountFingerprint(occurrences: keys(in: MatchTarget(graph)).setBits.map { UInt64($0) })
  }

  /// One bit for each key at the remainder of its number by `size`; with ``size`` bits, at its
  /// number.
  public mutating func bits(of graph: MolecularGraph, size: Int) -> BitFingerprint {
    let keys = keys(in: MatchTarget(graph))
    if size == Self.size { return keys }
    return BitFingerprint(size: size, folding: keys.setBits.map { UInt64($0) })
  }

  /// The keys of a prepared molecule, ``size`` bits.
  public func keys(in target: MatchTarget) -> BitFingerprint {
    var found = BitFingerprint(size: Self.size)
    for count in counts {
      let (most, last) = count.thresholds[count.thresholds.count - 1]
      if found.contains(last) { continue }
      let times = try? count.pattern.uniqueMatchCount(
        in: target, upTo: most, limits: Self.searchLimits)
      guard let times else { continue }
      for threshold in count.thresholds where threshold.minimum <= times {
        found.insert(threshold.key)
      }
    }
    if hasLongCycle(target) { found.insert(101) }
    if Self.aromaticRingCount(target.graph) > 1 { found.insert(125) }
    if target.graph.fragmentCount > 1 { found.insert(166) }
    return found
  }

  private func hasLongCycle(_ target: MatchTarget) -> Bool {
    let rings = target.graph.rings
    if rings.count == 0 { return false }
    if (0..<rings.count).contains(where: { (8...14).contains(rings.size($0)) }) { return true }
    // Rings without a common bond form no other cycles.
    if rings.count == 1 { return false }
    return longCycles.contains { pattern in
      (try? pattern.occurs(in: target, limits: Self.searchLimits)) ?? false
    }
  }

  /// Smallest rings, symmetric ones included, all of whose bonds are aromatic.
  private static func aromaticRingCount(_ graph: MolecularGraph) -> Int {
    (0..<graph.rings.count).count { ring in
      graph.rings.bonds(ring).allSatisfy { graph.bonds[Int($0)].isAromatic }
    }
  }
}
