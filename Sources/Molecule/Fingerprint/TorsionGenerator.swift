/// Topological torsions: chains of four atoms' kinds.
///
/// Nilakantan, Bauman, Dixon and Venkataraghavan, J. Chem. Inf. Comput. Sci. 1987, 27, 82. The kinds
/// are those of atom pairs, less the neighbours on the chain; hydrogens that are atoms of the graph
/// take no part. Identifiers are RDKit's: four nine-bit codes, the first of the lesser reading in
/// the lowest bits. A three-membered ring counts as one chain that ends where it starts; of its
/// three readings the least is taken. RDKit takes the one from the atom of lowest number, so that
/// two spellings of a cyclopropane differ; ``followsAtomOrder`` asks for that.
///
/// Chains have no middle atoms of more than ``hubDegree`` neighbours.
public struct TorsionGenerator: FingerprintGenerator {
  /// Most neighbours of an atom inside a chain.
  public static let hubDegree = 64

  /// Whether three-membered rings are read from their atom of lowest number, to compare with
  /// fingerprints made by RDKit from the same spelling.
  public let followsAtomOrder: Bool

  private var codes: [UInt32] = []
  private var occurrences: [UInt64] = []
  private var sorter = IdentifierSort()

  /// A generator of four-atom torsions.
  public init(followsAtomOrder: Bool = false) { self.followsAtomOrder = followsAtomOrder }

  /// Identifiers below 2³⁶ with their counts; O(Σ degree² over bonds).
  public mutating func counts(of graph: MolecularGraph) -> CountFingerprint {
    collect(graph)
    sorter.sort(&occurrences, bits: 64)
    return CountFingerprint(sorted: occurrences.span)
  }

  /// One bit for each torsion at the remainder of its 32-bit hash by `size`, as in RDKit without
  /// count simulation.
  public mutating func bits(of graph: MolecularGraph, size: Int) -> BitFingerprint {
    collect(graph)
    var found = BitFingerprint(size: size)
    for identifier in occurrences {
      var hash = HashCombine()
      for place in 0..<4 { hash.add(UInt32(identifier >> UInt64(9 * place) & 511)) }
      found.insert(Int(hash.value) % size)
    }
    return found
  }

  private mutating func collect(_ graph: MolecularGraph) {
    occurrences.removeAll(keepingCapacity: true)
    graph.fillAtomPairCodes(&codes)
    // Less the two neighbours of a place inside the chain; ends get one back.
    for index in codes.indices { codes[index] = (codes[index] &- 2) % 511 }
    for bond in graph.bonds {
      let (left, right) = (Int(bond.begin), Int(bond.end))
      guard mayPass(left, graph), mayPass(right, graph) else { continue }
      let (second, third) = (codes[left], codes[right])
      for slot in graph.neighborRange(left) {
        let first = Int(graph.neighborAtoms[slot])
        guard first != right, graph.atoms[first].element != .hydrogen else { continue }
        for other in graph.neighborRange(right) {
          let last = Int(graph.neighborAtoms[other])
          guard last != left, graph.atoms[last].element != .hydrogen else { continue }
          if last != first {
            occurrences.append(Self.identifier(codes[first] + 1, second, third, codes[last] + 1))
          } else if first > left, first > right {
            occurrences.append(ringIdentifier(left, right, first))
          }
        }
      }
    }
  }

  private func mayPass(_ atom: Int, _ graph: MolecularGraph) -> Bool {
    graph.degree(atom) <= Self.hubDegree && graph.atoms[atom].element != .hydrogen
  }

  private func ringIdentifier(_ a: Int, _ b: Int, _ c: Int) -> UInt64 {
    if followsAtomOrder { return a < b ? closed(a, b, c) : closed(b, c, a) }
    return min(closed(a, b, c), min(closed(b, c, a), closed(c, a, b)))
  }

  private func closed(_ end: Int, _ second: Int, _ third: Int) -> UInt64 {
    Self.identifier(codes[end] + 1, codes[second], codes[third], codes[end] + 1)
  }

  private static func identifier(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt64 {
    let isReversed = a > d || (a == d && b > c)
    let (first, second, third, last) = isReversed ? (d, c, b, a) : (a, b, c, d)
    return UInt64(first) | UInt64(second) << 9 | UInt64(third) << 18 | UInt64(last) << 27
  }
}
