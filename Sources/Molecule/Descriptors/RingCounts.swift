/// How many rings of each kind a molecule has.
///
/// A ring is aromatic when all its bonds are, aliphatic when not all are, saturated when all are
/// plain single bonds; it is a heterocycle when one of its atoms is no carbon.
public struct RingCounts: Sendable, Equatable {
  /// All smallest rings.
  public private(set) var all = 0
  /// Rings with an atom that is no carbon.
  public private(set) var heterocycles = 0
  /// Rings of aromatic bonds only.
  public private(set) var aromatic = 0
  /// Aromatic rings with an atom that is no carbon.
  public private(set) var aromaticHeterocycles = 0
  /// Rings with a bond that is not aromatic.
  public private(set) var aliphatic = 0
  /// Aliphatic rings with an atom that is no carbon.
  public private(set) var aliphaticHeterocycles = 0
  /// Rings of single bonds only.
  public private(set) var saturated = 0
  /// Saturated rings with an atom that is no carbon.
  public private(set) var saturatedHeterocycles = 0

  /// Aromatic rings of carbon alone.
  public var aromaticCarbocycles: Int { aromatic - aromaticHeterocycles }
  /// Aliphatic rings of carbon alone.
  public var aliphaticCarbocycles: Int { aliphatic - aliphaticHeterocycles }
  /// Saturated rings of carbon alone.
  public var saturatedCarbocycles: Int { saturated - saturatedHeterocycles }

  /// Counts the rings of ``MolecularGraph/rings`` and those as short that go round a smaller ring
  /// the other way; linear in their total size but for bridged systems.
  public init(of graph: MolecularGraph) {
    if let variants = RingVariants(of: graph) {
      for bonds in variants.rings { add(bonds[...], graph) }
    } else {
      for ring in 0..<graph.rings.count { add(graph.rings.bonds(ring), graph) }
    }
  }

  private mutating func add(_ bonds: ArraySlice<Int32>, _ graph: MolecularGraph) {
    var (isAromatic, isSaturated, isHetero) = (true, true, false)
    for index in bonds {
      let bond = graph.bonds[Int(index)]
      if bond.isAromatic { isSaturated = false } else { isAromatic = false }
      if bond.order != .single { isSaturated = false }
      if graph.atoms[Int(bond.begin)].element != .carbon { isHetero = true }
      if graph.atoms[Int(bond.end)].element != .carbon { isHetero = true }
    }
    let hetero = isHetero ? 1 : 0
    all += 1
    heterocycles += hetero
    if isAromatic {
      aromatic += 1
      aromaticHeterocycles += hetero
    } else {
      aliphatic += 1
      aliphaticHeterocycles += hetero
    }
    if isSaturated {
      saturated += 1
      saturatedHeterocycles += hetero
    }
  }
}
