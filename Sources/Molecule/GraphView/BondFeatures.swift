/// What the graph view knows of a bond, seen from the atom that receives the message.
///
/// | feature | slots before the unknown one |
/// | --- | --- |
/// | type | single, double, triple, quadruple, dative to it, dative from it, aromatic |
/// | conjugated | no, yes |
/// | smallest ring | none, 3 to 8 atoms |
/// | geometry | none, same side, opposite sides |
///
/// An aromatic bond has no order: orders of its Kekulé structure depend on the spelling.
/// A single bond is conjugated between two atoms that are sp or sp²; a double or triple bond when
/// such a single bond starts at one of its ends; an aromatic bond always. Geometry that cannot be
/// told is unknown; see ``StereoLabels``.
package enum BondFeatures {
  /// The blocks in the order of the table.
  package static let layout = FeatureLayout(sizes: [8, 3, 8, 4])

  static func code(
    of bond: Bond, towards receiver: Int32, isConjugated: Bool, smallestRing: Int, geometry: Int
  ) -> UInt64 {
    var code = FeatureLayout.Code(layout)
    code.append(typeSlot(of: bond, towards: receiver))
    code.append(isConjugated)
    code.append(FeatureLayout.ringSlot(smallestRing))
    code.append(geometry)
    return code.value
  }

  private static func typeSlot(of bond: Bond, towards receiver: Int32) -> Int {
    if bond.isAromatic { return 6 }
    switch bond.order {
    case .single: return 0
    case .double: return 1
    case .triple: return 2
    case .quadruple: return 3
    case .dative: return bond.end == receiver ? 4 : 5
    }
  }
}
