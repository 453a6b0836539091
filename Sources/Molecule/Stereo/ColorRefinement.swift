import Tensor

/// Repeated mixing of each atom's colour with those of its neighbours (Weisfeiler and Leman 1968).
struct ColorRefinement {
  private let graph: MolecularGraph
  private(set) var colors: [UInt64]
  private var scratch: [UInt64]
  private var classCount = 0

  /// Starts from what each atom is by itself and refines.
  init(graph: MolecularGraph) {
    self.init(graph: graph, colors: graph.atoms.indices.map { graph.atomInvariant($0) })
    refine()
  }

  init(graph: MolecularGraph, colors: [UInt64]) {
    self.graph = graph
    self.colors = colors
    scratch = colors
  }

  /// Sets an atom apart.
  mutating func mark(_ atom: Int32, _ value: UInt64) {
    colors[Int(atom)] = FeatureHash.pair(colors[Int(atom)], value)
  }

  /// Refines until a round tells no more atoms apart, at most `400 000 / A` rounds; above 50 000
  /// atoms just 8 rounds, so that long chains stay affordable.
  mutating func refine() {
    let limit = max(8, min(colors.count, 400_000 / (colors.count + 1)))
    let mayStop = colors.count <= 50_000
    classCount = mayStop ? countClasses() : 0
    for _ in 0..<limit {
      for atom in colors.indices {
        var sum: UInt64 = 0
        for slot in graph.neighborRange(atom) {
          let bond = graph.bonds[Int(graph.neighborBonds[slot])]
          sum &+= FeatureHash.pair(
            colors[Int(graph.neighborAtoms[slot])], bond.typeCode(at: Int32(atom)))
        }
        scratch[atom] = FeatureHash.pair(colors[atom], sum)
      }
      swap(&colors, &scratch)
      guard mayStop else { continue }
      let count = countClasses()
      if count == classCount { return }
      classCount = count
    }
  }

  private func countClasses() -> Int {
    let sorted = colors.sorted()
    var count = sorted.isEmpty ? 0 : 1
    for index in sorted.indices.dropFirst() where sorted[index] != sorted[index - 1] { count += 1 }
    return count
  }
}

extension Bond {
  /// 1...6 for single, double, triple, quadruple, dative and aromatic; donors and acceptors of a
  /// dative bond see different codes.
  func typeCode(at atom: Int32) -> UInt64 {
    if isAromatic { return 6 }
    if order == .dative { return atom == begin ? 5 : 7 }
    return UInt64(order.rawValue)
  }
}

extension FeatureHash {
  /// The key of two values in order.
  @inline(__always)
  static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var hash = FeatureHash(kind: first)
    hash.combine(second)
    return hash.key
  }
}
