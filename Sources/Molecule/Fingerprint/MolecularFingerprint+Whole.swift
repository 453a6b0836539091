import Tensor

extension MolecularFingerprint {
  /// Element and charge of each atom, isotopes, heavy atoms in steps, total charge, fragments.
  static func addComposition(of graph: MolecularGraph, to occurrences: inout [UInt64]) {
    for atom in graph.atoms {
      let element = Int(atom.element.number)
      occurrences.append(key(.chargedElement, element | (Int(atom.charge) + 128) << 8))
      if atom.isotope > 0 {
        occurrences.append(key(.isotope, element | Int(atom.isotope) << 8))
      }
    }
    occurrences.append(key(.heavyAtomCount, step(graph.heavyAtomCount)))
    occurrences.append(key(.totalCharge, graph.totalCharge))
    occurrences.append(key(.fragmentCount, graph.fragmentCount))
  }

  /// Half octaves: 0, 1, 2, 3, 4, 6, 8, 12, 16, … numbered from 0.
  private static func step(_ count: Int) -> Int {
    guard count > 1 else { return count }
    let octave = Int.bitWidth - 1 - count.leadingZeroBitCount
    return 2 * octave + ((count >> (octave - 1)) & 1)
  }

  /// Sizes of the rings of the cycle basis and their number.
  static func addRings(of graph: MolecularGraph, to occurrences: inout [UInt64]) {
    for ring in 0..<graph.rings.count where graph.rings.isInBasis(ring) {
      let size = min(graph.rings.size(ring), 64)
      occurrences.append(key(.ringSize, size))
      if graph.rings.bonds(ring).allSatisfy({ graph.bonds[Int($0)].isAromatic }) {
        occurrences.append(key(.aromaticRingSize, size))
      }
    }
    occurrences.append(key(.ringCount, graph.ringCount))
  }

  /// Stereo counts, each centre in the whole molecule, and the molecule itself.
  static func addStereo(_ coloring: StereoColoring, to occurrences: inout [UInt64]) {
    let bonds = coloring.elements.count { $0.isDoubleBond }
    occurrences.append(key(.stereocenterCount, coloring.elements.count - bonds))
    occurrences.append(key(.stereoBondCount, bonds))
    for (element, descriptor) in zip(coloring.elements, coloring.descriptors)
    where descriptor != 0 {
      let first = coloring.plainColors[Int(element.first)]
      let second = element.second < 0 ? 0 : coloring.plainColors[Int(element.second)]
      var hash = FeatureHash(kind: FeatureKind.stereocenter.rawValue)
      hash.combine(min(first, second))
      hash.combine(max(first, second))
      hash.combine(descriptor)
      occurrences.append(hash.key)
    }
    if !coloring.outcomes.isEmpty {
      var hash = FeatureHash(kind: FeatureKind.tiedStereo.rawValue)
      for outcome in coloring.outcomes { hash.combine(outcome) }
      occurrences.append(hash.key)
    }
    occurrences.append(coloring.moleculeKey)
  }
}
