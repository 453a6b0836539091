/// What the graph view knows of an atom by itself.
///
/// | feature | slots before the unknown one |
/// | --- | --- |
/// | element | atomic numbers 0 (wildcard) to 118 |
/// | degree | 0–6 neighbours in the graph |
/// | charge | −3 to +3 |
/// | hydrogens | 0–4 outside the graph |
/// | hybridisation | s, sp, sp², sp³, sp³d, sp³d² |
/// | aromatic | no, yes |
/// | ring bonds | 0–4 of its bonds lie on rings |
/// | smallest ring | none, 3 to 8 atoms |
/// | handedness | none, first, second |
/// | isotope | unstated, −3 to +3 from the most common mass number |
///
/// Radicals show in their hydrogens. No value depends on the numbering of atoms, on the spelling or on the Kekulé structure.
/// Handedness that cannot be told, and shapes other than tetrahedra, are unknown; see
/// ``StereoLabels``.
package enum AtomFeatures {
  /// The blocks in the order of the table.
  package static let layout = FeatureLayout(sizes: [120, 8, 8, 6, 7, 3, 6, 8, 4, 9])

  static func code(
    of index: Int, in graph: MolecularGraph, smallestRing: Int, ringBonds: Int, handedness: Int,
    hybridization: Hybridization
  ) -> UInt64 {
    let atom = graph.atoms[index]
    var code = FeatureLayout.Code(layout)
    code.append(Int(atom.element.number))
    code.append(graph.degree(index))
    code.append(Int(atom.charge) + 3)
    code.append(atom.hydrogens)
    code.append(hybridization.rawValue)
    code.append(atom.isAromatic)
    code.append(ringBonds)
    code.append(FeatureLayout.ringSlot(smallestRing))
    code.append(handedness)
    code.append(isotopeSlot(of: atom))
    return code.value
  }

  private static func isotopeSlot(of atom: Atom) -> Int {
    if atom.isotope == 0 { return 0 }
    let offset = Int(atom.isotope) - atom.element.commonIsotope
    return abs(offset) <= 3 ? offset + 4 : -1
  }
}

extension FeatureLayout {
  /// 0 for no ring, 1–6 for rings of 3 to 8, unknown for larger ones.
  static func ringSlot(_ size: Int) -> Int {
    size == 0 ? 0 : size <= 8 ? size - 2 : -1
  }
}
